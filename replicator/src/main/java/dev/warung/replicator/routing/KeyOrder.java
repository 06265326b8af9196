package dev.warung.replicator.routing;

import java.util.Arrays;

/** The order in which SQLite sorts keys: numbers, then texts by their bytes, then blobs. */
final class KeyOrder {

    private KeyOrder() {}

    /** Compares keys of one table: Long, Double, String or byte[]. */
    static int compare(Object[] one, Object[] other) {
        for (int i = 0; i < one.length; i++) {
            int order = compare(one[i], other[i]);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int compare(Object one, Object other) {
        int kinds = Integer.compare(kind(one), kind(other));
        if (kinds != 0) {
            return kinds;
        }
        if (one instanceof Long a && other instanceof Long b) {
            return Long.compare(a, b);
        }
        if (one instanceof Number a && other instanceof Number b) {
            return Double.compare(a.doubleValue(), b.doubleValue());
        }
        if (one instanceof String a && other instanceof String b) {
            return compare(a, b);
        }
        return Arrays.compareUnsigned((byte[]) one, (byte[]) other);
    }

    /** By code points, which is the order of the bytes of UTF-8; Java's own order differs beyond the basic plane. */
    private static int compare(String one, String other) {
        int length = Math.min(one.length(), other.length());
        for (int i = 0; i < length; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                boolean isSurrogateA = Character.isSurrogate(a);
                boolean isSurrogateB = Character.isSurrogate(b);
                return isSurrogateA == isSurrogateB
                        ? Character.compare(a, b)
                        : Boolean.compare(isSurrogateA, isSurrogateB);
            }
        }
        return Integer.compare(one.length(), other.length());
    }

    private static int kind(Object value) {
        if (value instanceof Number) {
            return 0;
        }
        return value instanceof String ? 1 : 2;
    }
}
