package dev.warung.replicator.verify;

import dev.warung.core.value.CopyLine;
import dev.warung.core.value.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads rows of {@code COPY … TO STDOUT} in text format into a {@link RowEncoder}. */
final class CopyText {

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
        encoder.begin();
        CopyLine.read(line, kinds.size(), new CopyLine.Values() {
            @Override
            public void isNull(int column) {
                encoder.nullValue();
            }

            @Override
            public void text(int column, byte[] bytes, int from, int to) {
                encode(kinds.get(column), bytes, from, to, encoder);
            }
        });
    }

    private static void encode(ValueKind kind, byte[] line, int from, int to, RowEncoder encoder) {
        switch (kind) {
            case INTEGER -> encoder.integer(integer(line, from, to));
            case BOOLEAN -> encoder.bool(line[from] == 't');
            case FLOAT ->
                encoder.floating(Double.parseDouble(new String(line, from, to - from, StandardCharsets.US_ASCII)));
            case BYTES -> encoder.bytes(line, from, unhex(line, from, to));
            case TEXT -> encoder.text(line, from, to - from);
        }
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
