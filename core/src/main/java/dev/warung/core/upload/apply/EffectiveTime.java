package dev.warung.core.upload.apply;

/**
 * When an op counts as done. A device's clock that is ahead gains nothing: what it is certainly ahead by is taken off, and nothing is later
 * than its arrival.
 *
 * @param atUs microseconds since 1970
 * @param isSuspect whether the device's clock was far ahead
 */
public record EffectiveTime(long atUs, boolean isSuspect) {

    private static final long TOLERANCE_US = 60_000_000;
    private static final long LATEST_US = 253_402_300_799_000_000L;

    /**
     * @param deviceUs when the device committed, by its clock
     * @param sentUs when it sent, by its clock
     * @param receivedUs when the broker took it; a device that sent in the broker's future is ahead by that at least
     */
    public static EffectiveTime of(long deviceUs, long sentUs, long receivedUs) {
        long aheadUs = Math.max(0, bounded(sentUs) - receivedUs);
        long atUs = Math.max(0, Math.min(bounded(deviceUs) - aheadUs, receivedUs));
        return new EffectiveTime(atUs, aheadUs > TOLERANCE_US || bounded(deviceUs) - receivedUs > TOLERANCE_US);
    }

    /** The nearest time between 1970 and the end of 9999: a device may say anything. */
    public static long bounded(long us) {
        return Math.max(0, Math.min(us, LATEST_US));
    }
}
