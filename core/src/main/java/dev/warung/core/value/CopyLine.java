package dev.warung.core.value;

/**
 * One row of {@code COPY … TO STDOUT} in text format, cut into its values.
 *
 * <p>Two examples for two columns: {@code 7<tab>\N} is a row, {@code 7} is refused.
 */
public final class CopyLine {

    private static final byte TAB = '\t';
    private static final byte NEWLINE = '\n';
    private static final byte ESCAPE = '\\';

    private CopyLine() {}

    /** Takes the values of a row, from the first column to the last. */
    public interface Values {

        void isNull(int column);

        /** The value's text stands in {@code line} from {@code from} to before {@code to}, until this returns. */
        void text(int column, byte[] line, int from, int to);
    }

    /**
     * Reads a row.
     *
     * @param line the bytes of the row, with or without its newline; overwritten
     * @throws IllegalArgumentException if it has not as many columns as expected
     */
    public static void read(byte[] line, int columns, Values values) {
        int end = line.length > 0 && line[line.length - 1] == NEWLINE ? line.length - 1 : line.length;
        int from = 0;
        for (int column = 0; column < columns; column++) {
            if (from > end) {
                throw new IllegalArgumentException("a row of COPY has fewer than " + columns + " columns");
            }
            int to = from;
            boolean escaped = false;
            while (to < end && line[to] != TAB) {
                escaped |= line[to] == ESCAPE;
                to++;
            }
            if (escaped && to - from == 2 && line[from + 1] == 'N') {
                values.isNull(column);
            } else {
                values.text(column, line, from, escaped ? unescape(line, from, to) : to);
            }
            from = to + 1;
        }
        if (from <= end && columns > 0) {
            throw new IllegalArgumentException("a row of COPY has more than " + columns + " columns");
        }
    }

    /** Undoes the escapes in place and returns the new end. */
    private static int unescape(byte[] line, int from, int to) {
        int write = from;
        for (int read = from; read < to; read++) {
            byte b = line[read];
            if (b == ESCAPE) {
                read++;
                b = unescaped(line[read]);
            }
            line[write++] = b;
        }
        return write;
    }

    private static byte unescaped(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> NEWLINE;
            case 'r' -> '\r';
            case 't' -> TAB;
            case 'v' -> 0x0b;
            default -> letter;
        };
    }
}
