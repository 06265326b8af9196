package dev.warung.capture.source;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads one row of {@code COPY … TO STDOUT} in text format.
 *
 * <p>Two examples for two columns: {@code 7<tab>\N} is a row, {@code 7} is refused.
 */
final class CopyTextParser {

    private static final byte TAB = '\t';
    private static final byte NEWLINE = '\n';
    private static final byte ESCAPE = '\\';

    private final int columns;

    CopyTextParser(int columns) {
        this.columns = columns;
    }

    /**
     * The texts of the row; null stands for NULL.
     *
     * @param line the bytes of the row, with or without its newline; overwritten
     * @throws IllegalArgumentException if it has not as many columns as expected
     */
    @Nullable
    String[] parse(byte[] line) {
        int end = line.length > 0 && line[line.length - 1] == NEWLINE ? line.length - 1 : line.length;
        @Nullable String[] texts = new @Nullable String[columns];
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
            texts[column] = text(line, from, to, escaped);
            from = to + 1;
        }
        if (from <= end && columns > 0) {
            throw new IllegalArgumentException("a row of COPY has more than " + columns + " columns");
        }
        return texts;
    }

    private static @Nullable String text(byte[] line, int from, int to, boolean escaped) {
        if (!escaped) {
            return new String(line, from, to - from, StandardCharsets.UTF_8);
        }
        if (to - from == 2 && line[from + 1] == 'N') {
            return null;
        }
        return new String(line, from, unescape(line, from, to) - from, StandardCharsets.UTF_8);
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
