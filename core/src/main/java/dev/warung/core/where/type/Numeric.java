package dev.warung.core.where.type;

import dev.warung.core.where.problem.EvaluationException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A value of type numeric: exact, with the number of digits that PostgreSQL shows, or NaN or an infinity. NaN equals itself and is
 * above everything.
 */
public final class Numeric implements Comparable<Numeric> {

    public static final Numeric NAN = new Numeric(null, "NaN", 2);
    public static final Numeric INFINITY = new Numeric(null, "Infinity", 1);
    public static final Numeric MINUS_INFINITY = new Numeric(null, "-Infinity", -1);

    private static final int WHOLE_DIGITS_MAX = 131_072;
    private static final int SCALE_MAX = 16_383;
    private static final int DIVISION_SCALE_MAX = 1000;
    private static final int DIVISION_DIGITS = 16;
    private static final int GROUP_DIGITS = 4;

    private final @Nullable BigDecimal finite;
    private final String special;
    /** Among values that are not finite: their order; finite ones are 0. */
    private final int rank;

    private Numeric(@Nullable BigDecimal finite, String special, int rank) {
        this.finite = finite;
        this.special = special;
        this.rank = rank;
    }

    /** @throws EvaluationException if it has more digits than PostgreSQL keeps */
    public static Numeric of(BigDecimal value) {
        BigDecimal shown = value.scale() < 0 ? plain(value) : value;
        if ((long) shown.precision() - shown.scale() > WHOLE_DIGITS_MAX) {
            throw overflow();
        }
        return new Numeric(shown.scale() > SCALE_MAX ? shown.setScale(SCALE_MAX, RoundingMode.HALF_UP) : shown, "", 0);
    }

    private static BigDecimal plain(BigDecimal value) {
        if (value.signum() == 0) {
            return BigDecimal.ZERO;
        }
        if ((long) value.precision() - value.scale() > WHOLE_DIGITS_MAX) {
            throw overflow();
        }
        return value.setScale(0);
    }

    private static EvaluationException overflow() {
        return new EvaluationException("value overflows numeric format");
    }

    public static Numeric of(long value) {
        return new Numeric(BigDecimal.valueOf(value), "", 0);
    }

    /** @throws EvaluationException if the text is not a numeric of PostgreSQL */
    public static Numeric parse(String text) {
        String trimmed = NumberText.trim(text);
        switch (trimmed.toLowerCase(Locale.ROOT)) {
            case "nan" -> {
                return NAN;
            }
            case "infinity", "inf", "+infinity", "+inf" -> {
                return INFINITY;
            }
            case "-infinity", "-inf" -> {
                return MINUS_INFINITY;
            }
            default -> {
                // a number
            }
        }
        BigDecimal value = NumberText.decimal(trimmed)
                .orElseThrow(() -> new EvaluationException("invalid input syntax for type numeric: \"" + text + "\""));
        if (value.scale() > SCALE_MAX) {
            throw overflow();
        }
        return of(value);
    }

    public boolean isFinite() {
        return finite != null;
    }

    public boolean isNan() {
        return rank == 2;
    }

    /** The exact value. @throws IllegalStateException if it is not finite */
    public BigDecimal value() {
        BigDecimal value = finite;
        if (value == null) {
            throw new IllegalStateException(special + " has no digits");
        }
        return value;
    }

    private int sign() {
        return finite == null ? rank : finite.signum();
    }

    public Numeric add(Numeric other) {
        if (finite != null && other.finite != null) {
            return of(finite.add(other.finite));
        }
        if (isNan() || other.isNan() || (rank != 0 && other.rank != 0 && rank != other.rank)) {
            return NAN;
        }
        return rank != 0 ? this : other;
    }

    public Numeric negate() {
        if (finite != null) {
            return of(finite.negate());
        }
        return isNan() ? NAN : rank > 0 ? MINUS_INFINITY : INFINITY;
    }

    public Numeric abs() {
        return sign() < 0 ? negate() : this;
    }

    public Numeric subtract(Numeric other) {
        return add(other.negate());
    }

    public Numeric multiply(Numeric other) {
        if (finite != null && other.finite != null) {
            return of(finite.multiply(other.finite));
        }
        if (isNan() || other.isNan() || sign() == 0 || other.sign() == 0) {
            return NAN;
        }
        return sign() * other.sign() > 0 ? INFINITY : MINUS_INFINITY;
    }

    public Numeric divide(Numeric other) {
        if (isNan() || other.isNan()) {
            return NAN;
        }
        if (finite == null) {
            if (other.finite == null) {
                return NAN;
            }
            if (other.sign() == 0) {
                throw new EvaluationException("division by zero");
            }
            return sign() * other.sign() > 0 ? INFINITY : MINUS_INFINITY;
        }
        if (other.finite == null) {
            return of(0);
        }
        if (other.sign() == 0) {
            throw new EvaluationException("division by zero");
        }
        return of(finite.divide(other.finite, divisionScale(finite, other.finite), RoundingMode.HALF_UP));
    }

    public Numeric remainder(Numeric other) {
        if (isNan() || other.isNan()) {
            return NAN;
        }
        if (other.finite != null && other.sign() == 0) {
            throw new EvaluationException("division by zero");
        }
        if (finite == null) {
            return NAN;
        }
        if (other.finite == null) {
            return this;
        }
        int scale = Math.max(finite.scale(), other.finite.scale());
        return of(finite.remainder(other.finite).setScale(scale, RoundingMode.UNNECESSARY));
    }

    /** How many digits after the point PostgreSQL computes: at least 16 significant ones, counted in groups of four. */
    private static int divisionScale(BigDecimal dividend, BigDecimal divisor) {
        int weight = groupOf(dividend) - groupOf(divisor);
        if (firstGroup(dividend) <= firstGroup(divisor)) {
            weight--;
        }
        int scale = DIVISION_DIGITS - weight * GROUP_DIGITS;
        scale = Math.max(scale, Math.max(dividend.scale(), divisor.scale()));
        return Math.min(Math.max(scale, 0), DIVISION_SCALE_MAX);
    }

    /** The power of 10 000 of the first group of digits that is not zero. */
    private static int groupOf(BigDecimal value) {
        return value.signum() == 0 ? 0 : Math.floorDiv(value.precision() - value.scale() - 1, GROUP_DIGITS);
    }

    private static int firstGroup(BigDecimal value) {
        if (value.signum() == 0) {
            return 0;
        }
        return value.abs()
                .movePointLeft(groupOf(value) * GROUP_DIGITS)
                .setScale(0, RoundingMode.DOWN)
                .intValueExact();
    }

    /** Rounded to a scale, half away from zero. */
    public Numeric round(int scale) {
        return finite == null ? this : of(finite.setScale(scale, RoundingMode.HALF_UP));
    }

    /** As PostgreSQL rounds it to an integer; the caller checks the range. @throws EvaluationException if it is none */
    public long toLong(String typeName) {
        BigDecimal value = finite;
        if (value == null) {
            throw new EvaluationException("cannot convert " + (isNan() ? "NaN" : "infinity") + " to " + typeName);
        }
        try {
            return value.setScale(0, RoundingMode.HALF_UP).longValueExact();
        } catch (ArithmeticException e) {
            throw new EvaluationException(typeName + " out of range");
        }
    }

    /** @throws EvaluationException if it is outside of what a double can hold */
    public double toDouble() {
        BigDecimal value = finite;
        if (value == null) {
            return rank == 2 ? Double.NaN : rank > 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        }
        return NumberText.doubleOf(value.toString());
    }

    /** @throws EvaluationException if it is outside of what a float can hold */
    public float toFloat() {
        BigDecimal value = finite;
        return value == null ? (float) toDouble() : NumberText.floatOf(value.toString());
    }

    @Override
    public int compareTo(Numeric other) {
        if (finite != null && other.finite != null) {
            return finite.compareTo(other.finite);
        }
        return Integer.compare(rank, other.rank);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Numeric numeric && compareTo(numeric) == 0;
    }

    @Override
    public int hashCode() {
        return finite == null ? rank : finite.stripTrailingZeros().hashCode();
    }

    @Override
    public String toString() {
        return finite == null ? special : finite.toPlainString();
    }
}
