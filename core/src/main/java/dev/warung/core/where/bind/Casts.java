package dev.warung.core.where.bind;

import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.where.tree.Operator;
import dev.warung.core.where.type.ArrayValue;
import dev.warung.core.where.type.Dates;
import dev.warung.core.where.type.Interval;
import dev.warung.core.where.type.JsonText;
import dev.warung.core.where.type.NumberText;
import dev.warung.core.where.type.Numeric;
import dev.warung.core.where.type.Order;
import dev.warung.core.where.type.SqlType;
import dev.warung.core.where.type.SqlType.Kind;
import dev.warung.core.where.type.Values;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which type can be cast to which, and how. */
final class Casts {

    /** Where PostgreSQL casts without being asked. */
    private static final Map<Kind, Set<Kind>> IMPLICIT = Map.ofEntries(
            Map.entry(Kind.INT2, EnumSet.of(Kind.INT4, Kind.INT8, Kind.NUMERIC, Kind.FLOAT4, Kind.FLOAT8)),
            Map.entry(Kind.INT4, EnumSet.of(Kind.INT8, Kind.NUMERIC, Kind.FLOAT4, Kind.FLOAT8)),
            Map.entry(Kind.INT8, EnumSet.of(Kind.NUMERIC, Kind.FLOAT4, Kind.FLOAT8)),
            Map.entry(Kind.NUMERIC, EnumSet.of(Kind.FLOAT4, Kind.FLOAT8)),
            Map.entry(Kind.FLOAT4, EnumSet.of(Kind.FLOAT8)),
            Map.entry(Kind.DATE, EnumSet.of(Kind.TIMESTAMP, Kind.TIMESTAMPTZ)),
            Map.entry(Kind.TIMESTAMP, EnumSet.of(Kind.TIMESTAMPTZ)),
            Map.entry(Kind.TIME, EnumSet.of(Kind.INTERVAL)),
            Map.entry(Kind.TEXT, EnumSet.of(Kind.VARCHAR, Kind.BPCHAR, Kind.NAME)),
            Map.entry(Kind.VARCHAR, EnumSet.of(Kind.TEXT, Kind.BPCHAR, Kind.NAME)),
            Map.entry(Kind.BPCHAR, EnumSet.of(Kind.TEXT, Kind.VARCHAR, Kind.NAME)),
            Map.entry(Kind.NAME, EnumSet.of(Kind.TEXT)));

    /** Types whose texts depend on a session's settings: PostgreSQL reads and prints them when a row is there. */
    private static final Set<Kind> READ_LATE =
            EnumSet.of(Kind.DATE, Kind.TIME, Kind.TIMESTAMP, Kind.TIMESTAMPTZ, Kind.INTERVAL, Kind.ENUM, Kind.ARRAY);

    private Casts() {}

    static boolean isImplicit(SqlType from, SqlType to) {
        if (from.equals(to)) {
            return true;
        }
        if (from.isUnknown()) {
            return !to.is(Kind.OPAQUE);
        }
        if (from.is(Kind.ARRAY) && to.is(Kind.ARRAY)) {
            return isImplicit(from.elementType(), to.elementType());
        }
        return IMPLICIT.getOrDefault(from.kind(), Set.of()).contains(to.kind());
    }

    /** Whether the values of one type are values of the other, unchanged. */
    static boolean isRelabel(SqlType from, SqlType to) {
        return from.equals(to)
                || ((from.is(Kind.TEXT) || from.is(Kind.VARCHAR))
                        && (to.is(Kind.TEXT) || to.is(Kind.VARCHAR) || to.is(Kind.BPCHAR)))
                || (from.is(Kind.NAME) && to.isText());
    }

    /** The cast from one type to another, asked for or not; empty if PostgreSQL, or we, have none. */
    static Optional<Operator> find(SqlType from, SqlType to) {
        if (from.is(Kind.ARRAY) && to.is(Kind.ARRAY)) {
            SqlType element = to.elementType();
            if (isRelabel(from.elementType(), element)) {
                return Optional.of(cast(from, to, value -> value));
            }
            return find(from.elementType(), element).map(inner -> elementwise(from, to, inner));
        }
        Optional<Function<Object, @Nullable Object>> direct = Optional.ofNullable(direct(from, to));
        if (direct.isPresent()) {
            boolean isZoned = from.is(Kind.TIMESTAMPTZ) || to.is(Kind.TIMESTAMPTZ);
            return Optional.of(cast(from, to, stableIf(isZoned), direct.get()));
        }
        return throughText(from, to);
    }

    private static Operator elementwise(SqlType from, SqlType to, Operator inner) {
        Function<Object, @Nullable Object> body = value -> ((ArrayValue) value)
                .map(element -> Objects.requireNonNull(inner.body().apply(element, element)));
        return cast(from, to, inner.volatility(), body);
    }

    private static String name(SqlType to) {
        return "cast to " + to;
    }

    private static Operator.Volatility stableIf(boolean dependsOnSession) {
        return dependsOnSession ? Operator.Volatility.STABLE : Operator.Volatility.IMMUTABLE;
    }

    private static Operator cast(SqlType from, SqlType to, Function<Object, @Nullable Object> body) {
        return cast(from, to, Operator.Volatility.IMMUTABLE, body);
    }

    private static Operator cast(
            SqlType from, SqlType to, Operator.Volatility volatility, Function<Object, @Nullable Object> body) {
        return new Operator(
                name(to),
                List.of(from),
                to,
                Operator.Strictness.STRICT,
                volatility,
                (v, same) -> body.apply(Objects.requireNonNull(v)));
    }

    private static Optional<Operator> throughText(SqlType from, SqlType to) {
        if (from.is(Kind.OPAQUE) || to.is(Kind.OPAQUE)) {
            return Optional.empty();
        }
        Function<Object, @Nullable Object> body;
        if (to.isText()) {
            body = value ->
                    Values.parse(to, value instanceof Boolean truth ? truth.toString() : Values.text(from, value));
        } else if (from.isText()) {
            body = value -> Values.parse(to, (String) value);
        } else {
            return Optional.empty();
        }
        boolean isLate = READ_LATE.contains(from.kind()) || READ_LATE.contains(to.kind());
        return Optional.of(cast(from, to, stableIf(isLate), body));
    }

    private static @Nullable Function<Object, @Nullable Object> direct(SqlType from, SqlType to) {
        return switch (to.kind()) {
            case INT2, INT4, INT8 -> toInteger(from, to);
            case NUMERIC -> toNumeric(from);
            case FLOAT8 -> toDouble(from);
            case FLOAT4 -> toFloat(from);
            case BOOL -> from.is(Kind.INT4) ? value -> (Long) value != 0 : null;
            case TEXT, VARCHAR, BPCHAR, NAME -> toText(from, to);
            case TIMESTAMP, TIMESTAMPTZ -> toTimestamp(from);
            case DATE -> isTimestamp(from) ? value -> Dates.toDate((Long) value) : null;
            case TIME -> toTime(from);
            case INTERVAL -> from.is(Kind.TIME) ? value -> new Interval(0, 0, (Long) value) : null;
            case JSONB -> from.is(Kind.JSON) ? value -> JsonText.jsonb((String) value) : null;
            case JSON -> from.is(Kind.JSONB) ? value -> value : null;
            default -> null;
        };
    }

    private static boolean isTimestamp(SqlType type) {
        return type.is(Kind.TIMESTAMP) || type.is(Kind.TIMESTAMPTZ);
    }

    private static @Nullable Function<Object, @Nullable Object> toInteger(SqlType from, SqlType to) {
        return switch (from.kind()) {
            case INT2, INT4, INT8 -> value -> inRange((Long) value, to);
            case NUMERIC -> value -> inRange(((Numeric) value).toLong(to.name()), to);
            case FLOAT4, FLOAT8 -> value -> inRange(wholeOf((Double) value, to), to);
            case BOOL -> to.is(Kind.INT4) ? value -> (Boolean) value ? 1L : 0L : null;
            default -> null;
        };
    }

    /** @throws EvaluationException if the type does not hold the value */
    static Object inRange(long value, SqlType type) {
        boolean fits = switch (type.kind()) {
            case INT2 -> value == (short) value;
            case INT4 -> value == (int) value;
            default -> true;
        };
        if (!fits) {
            throw new EvaluationException(type + " out of range");
        }
        return value;
    }

    private static long wholeOf(double value, SqlType to) {
        double whole = Math.rint(value);
        if (!(whole >= -0x1p63 && whole < 0x1p63)) {
            throw new EvaluationException(to + " out of range");
        }
        return (long) whole;
    }

    private static @Nullable Function<Object, @Nullable Object> toNumeric(SqlType from) {
        return switch (from.kind()) {
            case INT2, INT4, INT8 -> value -> Numeric.of((Long) value);
            case FLOAT4 -> value -> decimal((Double) value, 6);
            case FLOAT8 -> value -> decimal((Double) value, 15);
            default -> null;
        };
    }

    /** PostgreSQL takes over as many digits as the type is sure of. */
    private static Numeric decimal(double value, int digits) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Numeric.parse(NumberText.shortest(value));
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        return Numeric.of(rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros());
    }

    private static @Nullable Function<Object, @Nullable Object> toDouble(SqlType from) {
        return switch (from.kind()) {
            case INT2, INT4, INT8 -> value -> (double) (Long) value;
            case NUMERIC -> value -> ((Numeric) value).toDouble();
            case FLOAT4 -> value -> value;
            default -> null;
        };
    }

    private static @Nullable Function<Object, @Nullable Object> toFloat(SqlType from) {
        return switch (from.kind()) {
            case INT2, INT4, INT8 -> value -> (double) (float) (long) (Long) value;
            case NUMERIC -> value -> (double) ((Numeric) value).toFloat();
            case FLOAT8 -> value -> narrowed((Double) value);
            default -> null;
        };
    }

    private static double narrowed(double value) {
        float narrow = (float) value;
        if (Float.isInfinite(narrow) && !Double.isInfinite(value)) {
            throw new EvaluationException("value out of range: overflow");
        }
        if (narrow == 0 && value != 0) {
            throw new EvaluationException("value out of range: underflow");
        }
        return narrow;
    }

    private static @Nullable Function<Object, @Nullable Object> toText(SqlType from, SqlType to) {
        if (!from.isText()) {
            return null;
        }
        return value -> Values.parse(to, from.is(Kind.BPCHAR) ? Order.withoutBlanks((String) value) : (String) value);
    }

    private static @Nullable Function<Object, @Nullable Object> toTimestamp(SqlType from) {
        return switch (from.kind()) {
            case DATE -> value -> Dates.toTimestamp((Long) value);
            case TIMESTAMP, TIMESTAMPTZ -> value -> value;
            default -> null;
        };
    }

    private static @Nullable Function<Object, @Nullable Object> toTime(SqlType from) {
        return switch (from.kind()) {
            case TIMESTAMP, TIMESTAMPTZ ->
                value -> Dates.isInfinite((Long) value) ? null : Math.floorMod((Long) value, Dates.DAY_MICROS);
            case INTERVAL -> value -> ((Interval) value).timeOfDay();
            default -> null;
        };
    }

    /**
     * The second step of a cast to a type with modifiers, such as {@code numeric(12,2)}: it cuts texts and rounds numbers.
     *
     * @return empty if modifiers of this type are not supported
     */
    static Optional<Operator> toLength(SqlType type, List<Integer> modifiers) {
        int first = modifiers.get(0);
        return switch (type.kind()) {
            case VARCHAR -> Optional.of(cast(type, type, value -> cut((String) value, first)));
            case BPCHAR -> Optional.of(cast(type, type, value -> padded(cut((String) value, first), first)));
            case NUMERIC ->
                Optional.of(cast(
                        type,
                        type,
                        value -> fitted((Numeric) value, first, modifiers.size() > 1 ? modifiers.get(1) : 0)));
            default -> Optional.empty();
        };
    }

    private static String cut(String text, int length) {
        return text.codePointCount(0, text.length()) <= length
                ? text
                : text.substring(0, text.offsetByCodePoints(0, length));
    }

    private static String padded(String text, int length) {
        return text + " ".repeat(Math.max(0, length - text.codePointCount(0, text.length())));
    }

    private static Numeric fitted(Numeric number, int precision, int scale) {
        if (number.isNan()) {
            return number;
        }
        Numeric rounded = number.round(scale);
        if (!rounded.isFinite()
                || rounded.value().signum() != 0
                        && rounded.value().precision() - rounded.value().scale() > precision - scale) {
            throw new EvaluationException("numeric field overflow");
        }
        return rounded;
    }
}
