package dev.warung.core.where.type;

import dev.warung.core.where.problem.EvaluationException;

/**
 * Dates as days and timestamps as microseconds since 2000-01-01, with the two infinities, in UTC and the Gregorian calendar before its
 * invention too, as PostgreSQL has them.
 */
public final class Dates {

    /** Stands for infinity in dates and timestamps; its neighbour at the other end for -infinity. */
    public static final long INFINITY = Long.MAX_VALUE;

    public static final long MINUS_INFINITY = Long.MIN_VALUE;

    public static final long DAY_MICROS = 86_400_000_000L;

    private static final long DATE_FIRST = -2_451_545;
    private static final long DATE_END = 2_145_031_949;
    private static final long TIMESTAMP_FIRST = -211_813_488_000_000_000L;
    private static final long TIMESTAMP_END = 9_223_371_331_200_000_000L;
    private static final long EPOCH_2000 = 10_957;

    private Dates() {}

    public static boolean isInfinite(long value) {
        return value == INFINITY || value == MINUS_INFINITY;
    }

    /** @param month 1 to 12 @throws EvaluationException if no date of PostgreSQL has this year */
    static long day(long year, int month, int day) {
        long days = java.time.LocalDate.of(Math.toIntExact(year), month, day).toEpochDay() - EPOCH_2000;
        return checkDate(days);
    }

    static java.time.LocalDate calendar(long day) {
        return java.time.LocalDate.ofEpochDay(day + EPOCH_2000);
    }

    /** @throws EvaluationException if PostgreSQL has no such date */
    public static long checkDate(long day) {
        if (day < DATE_FIRST || day >= DATE_END) {
            throw new EvaluationException("date out of range");
        }
        return day;
    }

    /** @throws EvaluationException if PostgreSQL has no such timestamp */
    public static long checkTimestamp(long micros) {
        if (micros < TIMESTAMP_FIRST || micros >= TIMESTAMP_END) {
            throw new EvaluationException("timestamp out of range");
        }
        return micros;
    }

    /** Midnight of a date. @throws EvaluationException if the date is after the last timestamp */
    public static long toTimestamp(long day) {
        if (isInfinite(day)) {
            return day;
        }
        if (day >= TIMESTAMP_END / DAY_MICROS) {
            throw new EvaluationException("date out of range for timestamp");
        }
        return day * DAY_MICROS;
    }

    public static long toDate(long micros) {
        return isInfinite(micros) ? micros : Math.floorDiv(micros, DAY_MICROS);
    }

    /** The order of a date and a timestamp; a date after the last timestamp is above all but infinity. */
    public static int compareDateToTimestamp(long day, long micros) {
        if (isInfinite(day) || isInfinite(micros)) {
            return Long.compare(day, micros);
        }
        if (day >= TIMESTAMP_END / DAY_MICROS) {
            return 1;
        }
        return Long.compare(day * DAY_MICROS, micros);
    }

    /** @throws EvaluationException if the result is out of range, or the infinities point in different directions */
    public static long plus(long micros, Interval interval) {
        if (interval.isInfinite()) {
            long infinity = interval.isPositiveInfinity() ? INFINITY : MINUS_INFINITY;
            if (isInfinite(micros) && micros != infinity) {
                throw new EvaluationException("timestamp out of range");
            }
            return infinity;
        }
        if (isInfinite(micros)) {
            return micros;
        }
        try {
            long result = micros;
            if (interval.months() != 0) {
                long day = Math.floorDiv(result, DAY_MICROS);
                long moved = calendar(day).plusMonths(interval.months()).toEpochDay() - EPOCH_2000;
                result = Math.addExact(Math.multiplyExact(moved, DAY_MICROS), Math.floorMod(result, DAY_MICROS));
                checkTimestamp(result);
            }
            result = Math.addExact(result, Math.multiplyExact((long) interval.days(), DAY_MICROS));
            checkTimestamp(result);
            return checkTimestamp(Math.addExact(result, interval.micros()));
        } catch (ArithmeticException e) {
            throw new EvaluationException("timestamp out of range");
        }
    }

    /** The time between two timestamps in days and a rest. */
    public static Interval between(long from, long to) {
        if (isInfinite(from) || isInfinite(to)) {
            if (from == to) {
                throw new EvaluationException("interval out of range");
            }
            return to == INFINITY || from == MINUS_INFINITY ? Interval.INFINITY : Interval.MINUS_INFINITY;
        }
        try {
            long micros = Math.subtractExact(to, from);
            return new Interval(0, (int) (micros / DAY_MICROS), micros % DAY_MICROS);
        } catch (ArithmeticException e) {
            throw new EvaluationException("interval out of range");
        }
    }

    /** PostgreSQL's text of a date. */
    public static String dateText(long day) {
        if (isInfinite(day)) {
            return day > 0 ? "infinity" : "-infinity";
        }
        StringBuilder text = new StringBuilder(13);
        boolean isBeforeChrist = appendDate(text, day);
        return isBeforeChrist ? text.append(" BC").toString() : text.toString();
    }

    private static boolean appendDate(StringBuilder text, long day) {
        java.time.LocalDate date = calendar(day);
        int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
        String digits = Integer.toString(year);
        text.append("0".repeat(Math.max(0, 4 - digits.length()))).append(digits).append('-');
        appendTwo(text, date.getMonthValue()).append('-');
        appendTwo(text, date.getDayOfMonth());
        return date.getYear() <= 0;
    }

    static StringBuilder appendTwo(StringBuilder text, long number) {
        return (number < 10 ? text.append('0') : text).append(number);
    }

    /** PostgreSQL's text of a timestamp; {@code zone} is empty or {@code +00}. */
    public static String timestampText(long micros, String zone) {
        if (isInfinite(micros)) {
            return micros > 0 ? "infinity" : "-infinity";
        }
        StringBuilder text = new StringBuilder(29);
        boolean isBeforeChrist = appendDate(text, Math.floorDiv(micros, DAY_MICROS));
        text.append(' ');
        appendTime(text, Math.floorMod(micros, DAY_MICROS)).append(zone);
        return isBeforeChrist ? text.append(" BC").toString() : text.toString();
    }

    /** PostgreSQL's text of a time of day. */
    public static String timeText(long micros) {
        return appendTime(new StringBuilder(15), micros).toString();
    }

    private static StringBuilder appendTime(StringBuilder text, long micros) {
        long seconds = micros / 1_000_000;
        appendTwo(text, seconds / 3600).append(':');
        appendTwo(text, seconds / 60 % 60).append(':');
        appendTwo(text, seconds % 60);
        return appendFraction(text, micros % 1_000_000);
    }

    static StringBuilder appendFraction(StringBuilder text, long micros) {
        if (micros == 0) {
            return text;
        }
        String digits = Long.toString(1_000_000 + micros).substring(1);
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return text.append('.').append(digits, 0, end);
    }
}
