package dev.warung.replicator.verify;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One row in the form in which both sides are compared: each value as a tag and its bytes, so that NULL, the empty text, 0 and −0 all
 * differ and no two different rows have the same bytes.
 *
 * <p>A long value stands as its length, its hash and its first bytes, so a row never takes much memory.
 *
 * <p>Thread: owned by the one that fills it; it is used again for each row.
 */
final class RowEncoder {

    /** A value longer than this is represented by its hash. */
    static final int INLINE_MAX = 2048;

    private static final int PREFIX = 120;
    private static final byte NULL = 0;
    private static final byte INTEGER = 1;
    private static final byte BOOLEAN = 2;
    private static final byte FLOAT = 3;
    private static final byte BYTES = 4;
    private static final byte TEXT = 5;
    private static final byte FOREIGN = 6;
    private static final byte LONG = 16;

    private final int[] key;
    private final int[] starts;
    private final Murmur3 murmur = new Murmur3();
    private byte[] buffer = new byte[1024];
    private byte[] keyBuffer = new byte[64];
    private int fields;
    private int size;
    private int keySize;

    /** @param key indexes of the key columns among the columns; empty if the whole row is the key */
    RowEncoder(int columns, int[] key) {
        this.key = key.clone();
        this.starts = new int[columns + 1];
    }

    void begin() {
        fields = 0;
        size = 0;
    }

    void nullValue() {
        startField(NULL, 0);
        endField();
    }

    void integer(long value) {
        startField(INTEGER, Long.BYTES);
        putLong(value);
        endField();
    }

    void bool(boolean value) {
        startField(BOOLEAN, 1);
        buffer[size++] = (byte) (value ? 1 : 0);
        endField();
    }

    /** Compared by its bits: −0 is not 0, and each NaN is the same. */
    void floating(double value) {
        startField(FLOAT, Long.BYTES);
        putLong(Double.doubleToLongBits(value));
        endField();
    }

    void bytes(byte[] data, int from, int length) {
        variable(BYTES, data, from, length);
    }

    void text(byte[] data, int from, int length) {
        variable(TEXT, data, from, length);
    }

    /** A value that the column's type does not allow: it equals nothing that PostgreSQL can hold. */
    void foreign(Object value) {
        byte[] data = (value.getClass().getSimpleName() + " "
                        + (value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value))
                .getBytes(StandardCharsets.UTF_8);
        variable(FOREIGN, data, 0, data.length);
    }

    /** The bytes that make the key: those of the key columns in key order. Valid until the next call. */
    byte[] key() {
        return Arrays.copyOf(keyBuffer, keySize);
    }

    int keySize() {
        return keySize;
    }

    /** Hashes the key of a whole row; see {@link #murmur()}. */
    void hashKey() {
        keySize = 0;
        if (key.length == 0) {
            appendKey(0, size);
        }
        for (int column : key) {
            appendKey(starts[column], starts[column + 1] - starts[column]);
        }
        murmur.hash(keyBuffer, 0, keySize);
    }

    /** Hashes all values of the row; see {@link #murmur()}. */
    void hashRow() {
        murmur.hash(buffer, 0, size);
    }

    Murmur3 murmur() {
        return murmur;
    }

    /** The values, for display; those of two rows are equal if and only if the encoded values are. */
    EncodedRow snapshot() {
        return new EncodedRow(Arrays.copyOf(buffer, size), Arrays.copyOf(starts, fields + 1));
    }

    /** The value at this place for people to read; long ones are shortened. */
    static String display(byte[] row, int from, int to) {
        int start = from + 1;
        return switch (row[from]) {
            case NULL -> "NULL";
            case INTEGER -> Long.toString(getLong(row, start));
            case BOOLEAN -> row[start] == 1 ? "t" : "f";
            case FLOAT -> Double.toString(Double.longBitsToDouble(getLong(row, start)));
            case BYTES -> hex(row, start + Integer.BYTES, to);
            case TEXT -> "'" + utf8(row, start + Integer.BYTES, to) + "'";
            case FOREIGN -> "not of the column's type: " + utf8(row, start + Integer.BYTES, to);
            default -> displayLong(row, from);
        };
    }

    private static String displayLong(byte[] row, int from) {
        int length = (int) (getLong(row, from + 1) >>> Integer.SIZE);
        int start = from + 1 + Integer.BYTES;
        String hash = HexFormat.of().formatHex(row, start, start + 2 * Long.BYTES);
        int prefix = start + 2 * Long.BYTES;
        String shown =
                row[from] == LONG + BYTES ? hex(row, prefix, prefix + PREFIX) : utf8(row, prefix, prefix + PREFIX);
        return shown + "… (" + length + " bytes, hash " + hash + ")";
    }

    private static String hex(byte[] row, int from, int to) {
        String more = to - from > PREFIX ? "… (" + (to - from) + " bytes)" : "";
        return "\\x" + HexFormat.of().formatHex(row, from, Math.min(to, from + PREFIX)) + more;
    }

    private static String utf8(byte[] row, int from, int to) {
        String more = to - from > PREFIX ? "… (" + (to - from) + " bytes)" : "";
        return new String(row, from, Math.min(to - from, PREFIX), StandardCharsets.UTF_8) + more;
    }

    private void variable(byte tag, byte[] data, int from, int length) {
        if (length <= INLINE_MAX) {
            startField(tag, Integer.BYTES + length);
            putInt(length);
            System.arraycopy(data, from, buffer, size, length);
            size += length;
        } else {
            murmur.hash(data, from, length);
            startField((byte) (LONG + tag), Integer.BYTES + 2 * Long.BYTES + PREFIX);
            putInt(length);
            putLong(murmur.high());
            putLong(murmur.low());
            System.arraycopy(data, from, buffer, size, PREFIX);
            size += PREFIX;
        }
        endField();
    }

    private void startField(byte tag, int room) {
        if (size + 1 + room > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + 1 + room));
        }
        starts[fields] = size;
        buffer[size++] = tag;
    }

    private void endField() {
        starts[++fields] = size;
    }

    private void appendKey(int from, int length) {
        if (keySize + length > keyBuffer.length) {
            keyBuffer = Arrays.copyOf(keyBuffer, Math.max(keyBuffer.length * 2, keySize + length));
        }
        System.arraycopy(buffer, from, keyBuffer, keySize, length);
        keySize += length;
    }

    private void putInt(int value) {
        for (int shift = Integer.SIZE - 8; shift >= 0; shift -= 8) {
            buffer[size++] = (byte) (value >>> shift);
        }
    }

    private void putLong(long value) {
        putInt((int) (value >>> Integer.SIZE));
        putInt((int) value);
    }

    private static long getLong(byte[] data, int from) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << 8 | (data[from + i] & 0xff);
        }
        return value;
    }
}
