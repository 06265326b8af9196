package dev.warung.core.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON as UTF-8, appended piece by piece. The caller answers for the structure: rows of the log have a fixed one, and a generator's
 * checks of it took a tenth of capture's time.
 *
 * <p>Thread: one.
 */
final class JsonBytes {

    private static final byte[] NULL = ascii("null");
    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");
    private static final byte[] HEX = ascii("0123456789ABCDEF");
    private static final int CONTROL_MAX = 0x1F;
    /** The longest escape: backslash, u and four digits. */
    static final int ESCAPE_BYTES = 6;

    private static final int ONE_BYTE_MAX = 0x7F;
    private static final int TWO_BYTES_MAX = 0x7FF;

    private byte[] bytes;
    private int length;

    /** @param expected bytes; it grows when there are more */
    JsonBytes(int expected) {
        this.bytes = new byte[expected];
    }

    /** Text of nothing but ASCII, as it is. */
    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A field's name with quotes and colon, to be written with {@link #raw}. */
    static byte[] name(String name) {
        JsonBytes json = new JsonBytes(name.length() + ESCAPE_BYTES);
        json.string(name);
        json.raw(':');
        return json.toByteArray();
    }

    void raw(char ascii) {
        require(1);
        bytes[length++] = (byte) ascii;
    }

    void raw(byte[] piece) {
        require(piece.length);
        System.arraycopy(piece, 0, bytes, length, piece.length);
        length += piece.length;
    }

    /** A number as text that is one in JSON too. */
    @SuppressWarnings("deprecation") // copies the low bytes, which is what ASCII needs
    void number(String ascii) {
        int count = ascii.length();
        require(count);
        ascii.getBytes(0, count, bytes, length);
        length += count;
    }

    void number(long value) {
        number(Long.toString(value));
    }

    void nothing() {
        raw(NULL);
    }

    void bool(boolean value) {
        raw(value ? TRUE : FALSE);
    }

    void string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        require(utf8.length + 2);
        bytes[length++] = '"';
        int written = 0;
        for (int i = 0; i < utf8.length; i++) {
            byte b = utf8[i];
            if (b == '"' || b == '\\' || (b >= 0 && b <= CONTROL_MAX)) {
                copy(utf8, written, i);
                escape(b);
                written = i + 1;
            }
        }
        copy(utf8, written, utf8.length);
        raw('"');
    }

    /** What {@link #string} writes for a text, in bytes. */
    static long stringLength(String text) {
        long length = 2;
        for (int i = 0; i < text.length(); i++) {
            length += characterLength(text.charAt(i));
        }
        return length;
    }

    private static int characterLength(char c) {
        if (c <= CONTROL_MAX) {
            return c == '\b' || c == '\t' || c == '\n' || c == '\f' || c == '\r' ? 2 : ESCAPE_BYTES;
        }
        if (c <= ONE_BYTE_MAX) {
            return c == '"' || c == '\\' ? 2 : 1;
        }
        // Half of a pair, whose four bytes are two for each half.
        return c <= TWO_BYTES_MAX || Character.isSurrogate(c) ? 2 : 3;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    private void copy(byte[] from, int start, int end) {
        require(end - start);
        System.arraycopy(from, start, bytes, length, end - start);
        length += end - start;
    }

    private void escape(byte b) {
        require(ESCAPE_BYTES);
        bytes[length++] = '\\';
        switch (b) {
            case '"', '\\' -> bytes[length++] = b;
            case '\b' -> bytes[length++] = 'b';
            case '\t' -> bytes[length++] = 't';
            case '\n' -> bytes[length++] = 'n';
            case '\f' -> bytes[length++] = 'f';
            case '\r' -> bytes[length++] = 'r';
            default -> {
                bytes[length++] = 'u';
                bytes[length++] = '0';
                bytes[length++] = '0';
                bytes[length++] = HEX[b >> 4];
                bytes[length++] = HEX[b & 0xF];
            }
        }
    }

    private void require(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, Math.min(2 * bytes.length, Integer.MAX_VALUE - 8)));
        }
    }
}
