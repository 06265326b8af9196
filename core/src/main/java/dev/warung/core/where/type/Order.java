package dev.warung.core.where.type;

import dev.warung.core.where.problem.EvaluationException;
import org.jspecify.annotations.Nullable;

/** Equality and order of two values of one type, as PostgreSQL's. */
public final class Order {

    private Order() {}

    /** Whether {@code =} is true; two NULL are the same, as elements of arrays are compared. */
    public static boolean isSame(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Double a && right instanceof Double b) {
            return compareDoubles(a, b) == 0;
        }
        return left == null ? right == null : left.equals(right);
    }

    /** NaN equals itself and is above all; the zeros are equal. */
    public static int compareDoubles(double left, double right) {
        return left < right ? -1 : left > right ? 1 : left == right ? 0 : Double.compare(left, right);
    }

    /** The order of the bytes in UTF-8, which is that of the code points. */
    public static int compareTexts(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean aIsHalf = Character.isSurrogate(a);
                boolean bIsHalf = Character.isSurrogate(b);
                return aIsHalf == bIsHalf ? Character.compare(a, b) : aIsHalf ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    /** The order of two values of the type. @throws IllegalArgumentException if the type has none here */
    public static int compare(SqlType type, Object left, Object right) {
        return switch (type.kind()) {
            case BOOL -> Boolean.compare((Boolean) left, (Boolean) right);
            case INT2, INT4, INT8, DATE, TIME, TIMESTAMP, TIMESTAMPTZ -> Long.compare((Long) left, (Long) right);
            case FLOAT4, FLOAT8 -> compareDoubles((Double) left, (Double) right);
            case NUMERIC -> ((Numeric) left).compareTo((Numeric) right);
            case TEXT, VARCHAR, NAME, UUID -> compareTexts((String) left, (String) right);
            case BPCHAR -> compareTexts(withoutBlanks((String) left), withoutBlanks((String) right));
            case BYTEA -> ((Bytes) left).compareTo((Bytes) right);
            case INTERVAL -> ((Interval) left).compareTo((Interval) right);
            case ENUM -> Integer.compare(place(type, (String) left), place(type, (String) right));
            case JSON, JSONB, ARRAY, UNKNOWN, OPAQUE ->
                throw new IllegalArgumentException("no order of " + type + " is known");
        };
    }

    private static int place(SqlType type, String label) {
        int place = type.labels().indexOf(label);
        if (place < 0) {
            throw new EvaluationException("enum " + type + " has no label \"" + label + "\" in its description");
        }
        return place;
    }

    /** Whether two values of the type are equal. */
    public static boolean equal(SqlType type, Object left, Object right) {
        return switch (type.kind()) {
            case FLOAT4, FLOAT8 -> compareDoubles((Double) left, (Double) right) == 0;
            case BPCHAR -> withoutBlanks((String) left).equals(withoutBlanks((String) right));
            case JSONB -> JsonText.canonical((String) left).equals(JsonText.canonical((String) right));
            default -> left.equals(right);
        };
    }

    /** Without the blanks at the end, which do not count in character(n). */
    public static String withoutBlanks(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }
}
