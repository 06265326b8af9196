package dev.warung.core.change;

/**
 * A position in PostgreSQL's write-ahead log, in bytes from its start; compared as an unsigned number.
 *
 * <p>Two examples of its text form: {@code 0/16B3748} is one, {@code 16B3748} is refused.
 */
public record Lsn(long value) implements Comparable<Lsn> {

    public static final Lsn ZERO = new Lsn(0);

    private static final int HALF_BITS = 32;
    private static final int HEX = 16;

    /**
     * Reads PostgreSQL's own text form.
     *
     * @throws IllegalArgumentException if the text is not two hexadecimal numbers with a slash between them
     */
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash == text.length() - 1) {
            throw new IllegalArgumentException("not an LSN: '" + text + "'");
        }
        try {
            long high = Long.parseLong(text.substring(0, slash), HEX);
            long low = Long.parseLong(text.substring(slash + 1), HEX);
            return new Lsn(high << HALF_BITS | low);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not an LSN: '" + text + "'", e);
        }
    }

    /** Bytes of WAL from {@code earlier} to this position; 0 if this position is not later. */
    public long bytesSince(Lsn earlier) {
        return compareTo(earlier) <= 0 ? 0 : value - earlier.value;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return String.format("%X/%X", value >>> HALF_BITS, value & 0xFFFF_FFFFL);
    }
}
