package dev.warung.core.value;

import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The mapping of PostgreSQL's text output to SQLite values and back; without loss in both directions.
 *
 * <p>The canonical form of a value is what PostgreSQL prints with UTC, ISO dates, iso_8601 intervals, hexadecimal bytea and
 * {@code extra_float_digits=1}.
 */
public final class PgValues {

    /** The session settings that make PostgreSQL print the canonical form, as {@code name=value}. */
    public static final List<String> CANONICAL_SESSION = List.of(
            "TimeZone=UTC",
            "DateStyle=ISO, YMD",
            "IntervalStyle=iso_8601",
            "extra_float_digits=1",
            "bytea_output=hex",
            "lc_monetary=C",
            "xmlbinary=base64",
            // The names that regclass and its kin print have their schema, whatever the role's own path.
            "search_path=pg_catalog");

    private static final String BYTEA_PREFIX = "\\x";
    private static final Set<String> NOT_REAL = Set.of("-0", "NaN", "Infinity", "-Infinity");

    private PgValues() {}

    /** How values of a type travel; {@code baseType} is the {@code pg_type.typname} behind all domains. */
    public static ValueKind kindOf(String baseType) {
        return switch (baseType) {
            case "int2", "int4", "int8" -> ValueKind.INTEGER;
            case "bool" -> ValueKind.BOOLEAN;
            case "float4", "float8" -> ValueKind.FLOAT;
            case "bytea" -> ValueKind.BYTES;
            default -> ValueKind.TEXT;
        };
    }

    /** Whether a float's text is neither a JSON number nor a SQLite REAL: negative zero, NaN and the infinities. */
    public static boolean isFloatText(String text) {
        return NOT_REAL.contains(text);
    }

    /**
     * PostgreSQL's text as the object to bind to a SQLite statement: Long, Double, String or byte[].
     *
     * @throws IllegalArgumentException if the text is not of the kind
     */
    public static Object toSqlite(ValueKind kind, String text) {
        return switch (kind) {
            case INTEGER -> Long.parseLong(text);
            case BOOLEAN -> booleanOf(text) ? 1L : 0L;
            case FLOAT -> isFloatText(text) ? text : (Object) Double.parseDouble(text);
            case BYTES -> bytesOf(text);
            case TEXT -> text;
        };
    }

    /**
     * A SQLite object as text that PostgreSQL reads back to the same value. For finite floats the digits may differ from
     * what PostgreSQL prints (the value does not): compare them with {@link #canonicalFloat}.
     */
    public static String fromSqlite(ValueKind kind, Object value) {
        return switch (kind) {
            case INTEGER, FLOAT, TEXT -> value.toString();
            case BOOLEAN -> ((Number) value).longValue() == 0 ? "f" : "t";
            case BYTES -> BYTEA_PREFIX + HexFormat.of().formatHex((byte[]) value);
        };
    }

    /** One spelling for each float value, for comparison: the bits in hexadecimal. */
    public static String canonicalFloat(String text) {
        return Long.toHexString(Double.doubleToLongBits(Double.parseDouble(text)));
    }

    /** @throws IllegalArgumentException if the text is neither {@code t} nor {@code f} */
    public static boolean booleanOf(String text) {
        return switch (text) {
            case "t" -> true;
            case "f" -> false;
            default -> throw new IllegalArgumentException("not a boolean of PostgreSQL: '" + text + "'");
        };
    }

    /** @throws IllegalArgumentException if the text is not hexadecimal bytea output */
    public static byte[] bytesOf(String text) {
        if (!text.startsWith(BYTEA_PREFIX)) {
            throw new IllegalArgumentException("not hexadecimal bytea: it does not start with \\x");
        }
        return HexFormat.of().parseHex(text, BYTEA_PREFIX.length(), text.length());
    }
}
