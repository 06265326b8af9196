package dev.warung.replicator.verify;

import dev.warung.core.value.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads one row of {@code COPY … TO STDOUT} in text format into a {@link RowEncoder}.
 *
 * <p>Two examples for two columns: {@code 7<tab>\N} is a row, {@code 7} is refused.
 */
final class CopyText {

    private static final byte TAB = '\t';
    private static final byte NEWLINE = '\n';
    private static final byte ESCAPE = '\\';

    private final List<ValueKind> kinds;

    CopyText(List<ValueKind> kinds) {
        this.kinds = List.copyOf(kinds);
    }

    /**
     * Encodes the row.
     *
     * @param line the bytes of the row, with or without its newline; overwritten
     * @throws IllegalArgumentException if it has not as many columns as expected
     */
    void read(byte[] line, RowEncoder encoder) {
        int end = line.length > 0 && line[line.length - 1] == NEWLINE ? line.length - 1 : line.length;
        encoder.begin();
        int from = 0;
        for (int column = 0; column < kinds.size(); column++) {
            if (from > end) {
                throw new IllegalArgumentException("a row of COPY has fewer than " + kinds.size() + " columns");
            }
            int to = from;
            boolean escaped = false;
            while (to < end && line[to] != TAB) {
                escaped |= line[to] == ESCAPE;
                to++;
            }
            field(kinds.get(column), line, from, to, escaped, encoder);
            from = to + 1;
        }
        if (from <= end && !kinds.isEmpty()) {
            throw new IllegalArgumentException("a row of COPY has more than " + kinds.size() + " columns");
        }
    }

    private static void field(ValueKind kind, byte[] line, int from, int to, boolean escaped, RowEncoder encoder) {
        if (escaped && to - from == 2 && line[from + 1] == 'N') {
            encoder.nullValue();
            return;
        }
        int end = escaped ? unescape(line, from, to) : to;
        switch (kind) {
            case INTEGER -> encoder.integer(integer(line, from, end));
            case BOOLEAN -> encoder.bool(line[from] == 't');
            case FLOAT ->
                encoder.floating(Double.parseDouble(new String(line, from, end - from, StandardCharsets.US_ASCII)));
            case BYTES -> encoder.bytes(line, from, unhex(line, from, end));
            case TEXT -> encoder.text(line, from, end - from);
        }
    }

    /** Undoes COPY's escapes in place and returns the new end. */
    private static int unescape(byte[] line, int from, int to) {
        int write = from;
        for (int read = from; read < to; read++) {
            byte b = line[read];
            if (b == ESCAPE) {
                read++;
                b = switch (line[read]) {
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'n' -> NEWLINE;
                    case 'r' -> '\r';
                    case 't' -> TAB;
                    case 'v' -> 0x0b;
                    default -> line[read];
                };
            }
            line[write++] = b;
        }
        return write;
    }

    private static long integer(byte[] line, int from, int to) {
        boolean negative = line[from] == '-';
        long value = 0;
        for (int i = negative ? from + 1 : from; i < to; i++) {
            value = value * 10 - (line[i] - '0');
        }
        return negative ? value : -value;
    }

    /** Decodes {@code \x…} in place and returns the number of bytes. */
    private static int unhex(byte[] line, int from, int to) {
        int write = from;
        for (int read = from + 2; read < to; read += 2) {
            line[write++] = (byte) ((Character.digit(line[read], 16) << 4) | Character.digit(line[read + 1], 16));
        }
        return write - from;
    }
}
