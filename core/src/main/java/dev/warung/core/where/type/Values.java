package dev.warung.core.where.type;

import dev.warung.core.where.problem.EvaluationException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Values in memory: Boolean, Long (integers, days, microseconds), Double, {@link Numeric}, String (texts, uuid, enum labels, JSON),
 * {@link Bytes}, {@link Interval}, {@link ArrayValue}.
 */
public final class Values {

    private static final int NAME_BYTES_MAX = 63;

    private Values() {}

    /** A text as the type's input function reads it. @throws EvaluationException if it is not of the type */
    public static Object parse(SqlType type, String text) {
        return switch (type.kind()) {
            case BOOL -> bool(text);
            case INT2, INT4, INT8 -> NumberText.integer(text, type);
            case NUMERIC -> Numeric.parse(text);
            case FLOAT4, FLOAT8 -> NumberText.floating(text, type);
            case TEXT, VARCHAR, BPCHAR, UNKNOWN -> text;
            case NAME -> name(text);
            case BYTEA -> bytes(text);
            case UUID -> uuid(text);
            case DATE -> DateReader.date(text);
            case TIME -> DateReader.time(text);
            case TIMESTAMP, TIMESTAMPTZ -> DateReader.timestamp(text, type);
            case INTERVAL -> IntervalReader.interval(text);
            case JSON -> {
                JsonText.jsonb(text);
                yield text;
            }
            case JSONB -> JsonText.jsonb(text);
            case ENUM -> label(type, text);
            case ARRAY -> ArrayReader.array(text, element -> parse(type.elementType(), element));
            case OPAQUE -> throw new EvaluationException("values of type " + type + " are not supported");
        };
    }

    /**
     * A column of a row: PostgreSQL's canonical text, or the object that SQLite has for it (Long, Double, byte[]).
     *
     * @throws EvaluationException if a text is not of the type
     */
    public static Object read(SqlType type, Object stored) {
        if (stored instanceof String text) {
            return switch (type.kind()) {
                // What PostgreSQL printed needs no second look.
                case TEXT, VARCHAR, BPCHAR, NAME, UUID, ENUM, JSON, JSONB -> text;
                case BOOL -> text.equals("t") || !text.equals("f") && (Boolean) bool(text);
                default -> parse(type, text);
            };
        }
        if (stored instanceof Long number) {
            return type.is(SqlType.Kind.BOOL) ? number != 0 : (Object) number;
        }
        if (stored instanceof Double number) {
            return type.is(SqlType.Kind.FLOAT4) ? (double) number.floatValue() : (Object) number;
        }
        if (stored instanceof byte[] content) {
            return new Bytes(content);
        }
        throw new IllegalArgumentException("a row holds no " + stored.getClass().getName());
    }

    /** The text of a value as the type's output function prints it in the canonical session. */
    public static String text(SqlType type, Object value) {
        return switch (type.kind()) {
            case BOOL -> (Boolean) value ? "t" : "f";
            case FLOAT4 -> NumberText.shortest(((Double) value).floatValue());
            case FLOAT8 -> NumberText.shortest((Double) value);
            case DATE -> Dates.dateText((Long) value);
            case TIME -> Dates.timeText((Long) value);
            case TIMESTAMP -> Dates.timestampText((Long) value, "");
            case TIMESTAMPTZ -> Dates.timestampText((Long) value, "+00");
            case ARRAY -> arrayText(type.elementType(), (ArrayValue) value);
            default -> value.toString();
        };
    }

    /**
     * One text for all values that {@code =} holds equal, to look them up by hash. Integers of all sizes share it.
     */
    public static String key(SqlType type, Object value) {
        return switch (type.kind()) {
            case NUMERIC -> numericKey((Numeric) value);
            case FLOAT4, FLOAT8 -> {
                double number = (Double) value;
                yield number == 0 ? "0" : Double.toString(number);
            }
            case BPCHAR -> Order.withoutBlanks((String) value);
            case INTERVAL -> ((Interval) value).key();
            case JSONB -> JsonText.canonical((String) value);
            case DATE, TIME, TIMESTAMP, TIMESTAMPTZ -> value.toString();
            default -> text(type, value);
        };
    }

    private static String numericKey(Numeric number) {
        return number.isFinite() ? number.value().stripTrailingZeros().toPlainString() : number.toString();
    }

    private static Object bool(String text) {
        String word = NumberText.trim(text).toLowerCase(Locale.ROOT);
        if (!word.isEmpty()) {
            if ("true".startsWith(word) || "yes".startsWith(word) || word.equals("on") || word.equals("1")) {
                return true;
            }
            boolean isOff = word.equals("of") || word.equals("off");
            if ("false".startsWith(word) || "no".startsWith(word) || isOff || word.equals("0")) {
                return false;
            }
        }
        throw new EvaluationException("invalid input syntax for type boolean: \"" + text + "\"");
    }

    /** The first 63 bytes of a text, in whole characters. */
    private static String name(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (bytes > NAME_BYTES_MAX) {
                return text.substring(0, i);
            }
            i += Character.charCount(c);
        }
        return text;
    }

    private static Object bytes(String text) {
        if (!text.startsWith("\\x")) {
            if (text.indexOf('\\') < 0) {
                return new Bytes(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            throw new EvaluationException("bytea is read in the form \\x… only");
        }
        try {
            return new Bytes(HexFormat.of().parseHex(text, 2, text.length()));
        } catch (IllegalArgumentException e) {
            throw new EvaluationException("invalid hexadecimal data: \"" + text + "\"");
        }
    }

    private static Object uuid(String text) {
        String digits = text.startsWith("{") && text.endsWith("}") ? text.substring(1, text.length() - 1) : text;
        StringBuilder plain = new StringBuilder(36);
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            int nibbles = plain.length();
            if (c == '-' && nibbles > 0 && nibbles % 4 == 0 && digits.charAt(i - 1) != '-' && nibbles < 32) {
                continue;
            }
            if (c > 127 || Character.digit(c, 16) < 0 || nibbles == 32) {
                throw invalidUuid(text);
            }
            plain.append(Character.toLowerCase(c));
        }
        if (plain.length() != 32) {
            throw invalidUuid(text);
        }
        return plain.insert(20, '-')
                .insert(16, '-')
                .insert(12, '-')
                .insert(8, '-')
                .toString();
    }

    private static EvaluationException invalidUuid(String text) {
        return new EvaluationException("invalid input syntax for type uuid: \"" + text + "\"");
    }

    private static Object label(SqlType type, String text) {
        if (!type.labels().isEmpty() && !type.labels().contains(text)) {
            throw new EvaluationException("invalid input value for enum " + type + ": \"" + text + "\"");
        }
        return text;
    }

    private static String arrayText(SqlType elementType, ArrayValue array) {
        if (array.dimensions() == 0) {
            return "{}";
        }
        StringBuilder text = new StringBuilder();
        if (array.lowers().stream().anyMatch(lower -> lower != 1)) {
            for (int i = 0; i < array.dimensions(); i++) {
                int lower = array.lowers().get(i);
                text.append('[')
                        .append(lower)
                        .append(':')
                        .append(lower + array.lengths().get(i) - 1)
                        .append(']');
            }
            text.append('=');
        }
        return text.append(part(elementType, array, 0, 0)).toString();
    }

    private static String part(SqlType elementType, ArrayValue array, int dimension, int from) {
        StringJoiner joined = new StringJoiner(",", "{", "}");
        int size = 1;
        for (int i = dimension + 1; i < array.dimensions(); i++) {
            size *= array.lengths().get(i);
        }
        for (int i = 0; i < array.lengths().get(dimension); i++) {
            int at = from + i * size;
            joined.add(
                    dimension + 1 == array.dimensions()
                            ? item(elementType, array.elements().get(at))
                            : part(elementType, array, dimension + 1, at));
        }
        return joined.toString();
    }

    private static String item(SqlType elementType, @Nullable Object element) {
        if (element == null) {
            return "NULL";
        }
        String text = text(elementType, element);
        boolean isPlain = !text.isEmpty()
                && !text.equalsIgnoreCase("null")
                && text.chars().noneMatch(c -> ",{}\"\\ ".indexOf(c) >= 0 || (c >= '\t' && c <= '\r'));
        return isPlain ? text : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
