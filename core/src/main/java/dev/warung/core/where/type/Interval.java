package dev.warung.core.where.type;

import dev.warung.core.where.problem.EvaluationException;

/**
 * A value of type interval. A month counts as 30 days and a day as 24 hours in the order, so {@code 1 mon = 30 days}.
 */
public record Interval(int months, int days, long micros) implements Comparable<Interval> {

    public static final Interval INFINITY = new Interval(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);
    public static final Interval MINUS_INFINITY = new Interval(Integer.MIN_VALUE, Integer.MIN_VALUE, Long.MIN_VALUE);

    private static final int DAYS_OF_MONTH = 30;
    private static final double DAY_SECONDS = 86_400;

    public boolean isInfinite() {
        return isPositiveInfinity() || equalsExactly(MINUS_INFINITY);
    }

    public boolean isPositiveInfinity() {
        return equalsExactly(INFINITY);
    }

    private boolean equalsExactly(Interval other) {
        return months == other.months && days == other.days && micros == other.micros;
    }

    /** A finite interval. @throws EvaluationException if the parts are those of an infinity */
    static Interval finite(int months, int days, long micros) {
        Interval interval = new Interval(months, days, micros);
        if (interval.isInfinite()) {
            throw outOfRange();
        }
        return interval;
    }

    static EvaluationException outOfRange() {
        return new EvaluationException("interval out of range");
    }

    public Interval plus(Interval other) {
        if (isInfinite() || other.isInfinite()) {
            if (isInfinite() && other.isInfinite() && !equalsExactly(other)) {
                throw outOfRange();
            }
            return isInfinite() ? this : other;
        }
        try {
            return finite(
                    Math.addExact(months, other.months),
                    Math.addExact(days, other.days),
                    Math.addExact(micros, other.micros));
        } catch (ArithmeticException e) {
            throw outOfRange();
        }
    }

    public Interval negate() {
        if (isInfinite()) {
            return isPositiveInfinity() ? MINUS_INFINITY : INFINITY;
        }
        try {
            return finite(Math.negateExact(months), Math.negateExact(days), Math.negateExact(micros));
        } catch (ArithmeticException e) {
            throw outOfRange();
        }
    }

    public Interval minus(Interval other) {
        if (!isInfinite() && !other.isInfinite()) {
            try {
                return finite(
                        Math.subtractExact(months, other.months),
                        Math.subtractExact(days, other.days),
                        Math.subtractExact(micros, other.micros));
            } catch (ArithmeticException e) {
                throw outOfRange();
            }
        }
        return plus(other.negate());
    }

    /** Fractions of months become days of a thirtieth, fractions of days become time. */
    public Interval times(double factor) {
        if (Double.isNaN(factor)) {
            throw outOfRange();
        }
        if (isInfinite() || Double.isInfinite(factor)) {
            return timesInfinity(factor);
        }
        return scaled(part -> part * factor);
    }

    private Interval timesInfinity(double factor) {
        int sign = isInfinite() ? (isPositiveInfinity() ? 1 : -1) : Integer.signum(compareTo(new Interval(0, 0, 0)));
        if (sign == 0 || factor == 0) {
            throw outOfRange();
        }
        return (factor > 0) == (sign > 0) ? INFINITY : MINUS_INFINITY;
    }

    public Interval dividedBy(double factor) {
        if (factor == 0) {
            throw new EvaluationException("division by zero");
        }
        if (Double.isNaN(factor)) {
            throw outOfRange();
        }
        if (isInfinite()) {
            if (Double.isInfinite(factor)) {
                throw outOfRange();
            }
            return timesInfinity(factor);
        }
        return scaled(part -> part / factor);
    }

    private Interval scaled(java.util.function.DoubleUnaryOperator scale) {
        int newMonths = whole(scale.applyAsDouble(months));
        int newDays = whole(scale.applyAsDouble(days));
        double monthRest = rounded((scale.applyAsDouble(months) - newMonths) * DAYS_OF_MONTH);
        double seconds = rounded((scale.applyAsDouble(days) - newDays + monthRest - ((int) monthRest)) * DAY_SECONDS);
        try {
            if (Math.abs(seconds) >= DAY_SECONDS) {
                newDays = Math.addExact(newDays, (int) (seconds / DAY_SECONDS));
                seconds -= ((int) (seconds / DAY_SECONDS)) * DAY_SECONDS;
            }
            newDays = Math.addExact(newDays, (int) monthRest);
        } catch (ArithmeticException e) {
            throw outOfRange();
        }
        double time = Math.rint(scale.applyAsDouble((double) micros) + seconds * 1e6);
        if (!(time >= -0x1p63 && time < 0x1p63)) {
            throw outOfRange();
        }
        return finite(newMonths, newDays, (long) time);
    }

    private static int whole(double value) {
        if (Double.isNaN(value) || value > Integer.MAX_VALUE || value < Integer.MIN_VALUE) {
            throw outOfRange();
        }
        return (int) value;
    }

    private static double rounded(double seconds) {
        return Math.rint(seconds * 1e6) / 1e6;
    }

    /** Whole days in the time part become days, both with one sign. */
    public Interval justifyHours() {
        if (isInfinite()) {
            return this;
        }
        try {
            int newDays = Math.addExact(days, Math.toIntExact(micros / Dates.DAY_MICROS));
            long rest = micros % Dates.DAY_MICROS;
            if (newDays > 0 && rest < 0) {
                return finite(months, newDays - 1, rest + Dates.DAY_MICROS);
            }
            if (newDays < 0 && rest > 0) {
                return finite(months, newDays + 1, rest - Dates.DAY_MICROS);
            }
            return finite(months, newDays, rest);
        } catch (ArithmeticException e) {
            throw outOfRange();
        }
    }

    /** Every 30 days become a month, both with one sign. */
    public Interval justifyDays() {
        if (isInfinite()) {
            return this;
        }
        try {
            int newMonths = Math.addExact(months, days / DAYS_OF_MONTH);
            int rest = days % DAYS_OF_MONTH;
            if (newMonths > 0 && rest < 0) {
                return finite(newMonths - 1, rest + DAYS_OF_MONTH, micros);
            }
            if (newMonths < 0 && rest > 0) {
                return finite(newMonths + 1, rest - DAYS_OF_MONTH, micros);
            }
            return finite(newMonths, rest, micros);
        } catch (ArithmeticException e) {
            throw outOfRange();
        }
    }

    /** Hours to days and days to months, all with one sign. */
    public Interval justify() {
        if (isInfinite()) {
            return this;
        }
        Interval hours = (days > 0 && micros > 0) || (days < 0 && micros < 0) ? preJustified() : this;
        try {
            int newDays = Math.addExact(hours.days, Math.toIntExact(hours.micros / Dates.DAY_MICROS));
            long rest = hours.micros % Dates.DAY_MICROS;
            int newMonths = Math.addExact(hours.months, newDays / DAYS_OF_MONTH);
            newDays = newDays % DAYS_OF_MONTH;
            if (newMonths > 0 && (newDays < 0 || (newDays == 0 && rest < 0))) {
                newDays += DAYS_OF_MONTH;
                newMonths--;
            } else if (newMonths < 0 && (newDays > 0 || (newDays == 0 && rest > 0))) {
                newDays -= DAYS_OF_MONTH;
                newMonths++;
            }
            if (newDays > 0 && rest < 0) {
                rest += Dates.DAY_MICROS;
                newDays--;
            } else if (newDays < 0 && rest > 0) {
                rest -= Dates.DAY_MICROS;
                newDays++;
            }
            return finite(newMonths, newDays, rest);
        } catch (ArithmeticException e) {
            throw outOfRange();
        }
    }

    private Interval preJustified() {
        return new Interval(Math.addExact(months, days / DAYS_OF_MONTH), days % DAYS_OF_MONTH, micros);
    }

    /** The interval as a time of day: what is left of whole days. */
    public long timeOfDay() {
        if (isInfinite()) {
            throw new EvaluationException("cannot convert infinite interval to time");
        }
        return Math.floorMod(micros, Dates.DAY_MICROS);
    }

    private long wholeDays() {
        return (long) months * DAYS_OF_MONTH + days + Math.floorDiv(micros, Dates.DAY_MICROS);
    }

    /** One text for all intervals that are equal. */
    String key() {
        return wholeDays() + "/" + Math.floorMod(micros, Dates.DAY_MICROS);
    }

    @Override
    public int compareTo(Interval other) {
        int byDays = Long.compare(wholeDays(), other.wholeDays());
        return byDays != 0
                ? byDays
                : Long.compare(Math.floorMod(micros, Dates.DAY_MICROS), Math.floorMod(other.micros, Dates.DAY_MICROS));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Interval interval && compareTo(interval) == 0;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(wholeDays() * 31 + Math.floorMod(micros, Dates.DAY_MICROS));
    }

    /** PostgreSQL's text with {@code IntervalStyle=iso_8601}. */
    @Override
    public String toString() {
        if (isInfinite()) {
            return isPositiveInfinity() ? "infinity" : "-infinity";
        }
        if (months == 0 && days == 0 && micros == 0) {
            return "PT0S";
        }
        StringBuilder text = new StringBuilder("P");
        part(text, months / 12, 'Y');
        part(text, months % 12, 'M');
        part(text, days, 'D');
        if (micros != 0) {
            text.append('T');
            part(text, micros / 3_600_000_000L, 'H');
            part(text, micros / 60_000_000 % 60, 'M');
            long rest = micros % 60_000_000;
            if (rest != 0) {
                text.append(rest < 0 ? "-" : "").append(Math.abs(rest) / 1_000_000);
                Dates.appendFraction(text, Math.abs(rest) % 1_000_000).append('S');
            }
        }
        return text.toString();
    }

    private static void part(StringBuilder text, long value, char unit) {
        if (value != 0) {
            text.append(value).append(unit);
        }
    }
}
