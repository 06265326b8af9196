package dev.warung.outlet.simulation;

/** The true time, which goes on when it is told to. */
final class Time {

    private static final long START_US = 1_800_000_000_000_000L;

    private long nowUs = START_US;

    long nowUs() {
        return nowUs;
    }

    void pass(long us) {
        nowUs += us;
    }
}
