package dev.warung.core.where.type;

import java.util.Arrays;
import java.util.HexFormat;

/** A value of type bytea; ordered by unsigned bytes. */
public final class Bytes implements Comparable<Bytes> {

    private final byte[] content;

    public Bytes(byte[] content) {
        this.content = content.clone();
    }

    public Bytes concat(Bytes other) {
        byte[] joined = Arrays.copyOf(content, content.length + other.content.length);
        System.arraycopy(other.content, 0, joined, content.length, other.content.length);
        return new Bytes(joined);
    }

    public byte[] toArray() {
        return content.clone();
    }

    public int length() {
        return content.length;
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(content, other.content);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return "\\x" + HexFormat.of().formatHex(content);
    }
}
