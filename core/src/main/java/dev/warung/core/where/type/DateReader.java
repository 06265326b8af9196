package dev.warung.core.where.type;

import dev.warung.core.where.problem.EvaluationException;
import java.util.Locale;

/**
 * Reads dates, times and timestamps in ISO form: {@code 2026-01-02 03:04:05.6+07} and {@code 0044-03-15 BC} are two;
 * {@code January 2, 2026} and {@code today} are refused, though PostgreSQL reads them.
 *
 * <p>Thread: one; used once.
 */
final class DateReader {

    private static final int ZONE_SECONDS_MAX = 16 * 3600;

    private final String original;
    private final SqlType type;
    private final String text;
    private int at;

    private DateReader(String original, SqlType type) {
        this.original = original;
        this.type = type;
        this.text = NumberText.trim(original);
    }

    /** Days since 2000. @throws EvaluationException if the text is not a date in ISO form */
    static long date(String text) {
        DateReader reader = new DateReader(text, SqlType.DATE);
        long special = reader.special();
        if (special != 0) {
            return special == 1 ? -10_957 : special;
        }
        long day = reader.datePart();
        if (!reader.atEnd()) {
            reader.timePart();
        }
        return day;
    }

    /** Microseconds since 2000, in UTC. @throws EvaluationException if the text is not a timestamp in ISO form */
    static long timestamp(String text, SqlType type) {
        DateReader reader = new DateReader(text, type);
        long special = reader.special();
        if (special != 0) {
            return special == 1 ? -10_957 * Dates.DAY_MICROS : special;
        }
        long day = reader.datePart();
        long micros = reader.atEnd() ? 0 : reader.timePart();
        try {
            return Dates.checkTimestamp(Math.addExact(Math.multiplyExact(day, Dates.DAY_MICROS), micros));
        } catch (ArithmeticException | EvaluationException e) {
            throw new EvaluationException("timestamp out of range: \"" + text + "\"");
        }
    }

    /** Microseconds since midnight. @throws EvaluationException if the text is not a time of day */
    static long time(String text) {
        DateReader reader = new DateReader(text, SqlType.TIME);
        long micros = reader.clock();
        if (!reader.atEnd()) {
            throw reader.invalid();
        }
        return micros;
    }

    private EvaluationException invalid() {
        return new EvaluationException(
                "invalid input syntax for type " + type + ": \"" + original + "\" (the ISO form is read)");
    }

    private EvaluationException outOfRange() {
        return new EvaluationException("date/time field value out of range: \"" + original + "\"");
    }

    private boolean atEnd() {
        return at >= text.length();
    }

    /** An infinity, 1 for the epoch of Unix, or 0. */
    private long special() {
        if (!text.isEmpty() && isDigit(text.charAt(0))) {
            return 0;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "infinity", "+infinity" -> Dates.INFINITY;
            case "-infinity" -> Dates.MINUS_INFINITY;
            case "epoch" -> 1;
            default -> 0;
        };
    }

    private long datePart() {
        int start = at;
        long year = number(7);
        if (at - start < 4) {
            throw invalid();
        }
        expect('-');
        int month = (int) number(2);
        expect('-');
        int day = (int) number(2);
        if (beforeChrist()) {
            if (year == 0) {
                throw outOfRange();
            }
            year = 1 - year;
        } else if (year == 0) {
            throw outOfRange();
        }
        if (month < 1 || month > 12 || day < 1 || day > lengthOf(year, month)) {
            throw outOfRange();
        }
        try {
            return Dates.day(year, month, day);
        } catch (EvaluationException e) {
            throw new EvaluationException("date out of range: \"" + original + "\"");
        }
    }

    private static int lengthOf(long year, int month) {
        boolean isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return month == 2 ? (isLeap ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    /** Whether the text ends in BC, which is then cut off by what follows. */
    private boolean beforeChrist() {
        return text.length() > 3 && text.regionMatches(true, text.length() - 3, " BC", 0, 3);
    }

    private boolean atEnd(boolean orEra) {
        return atEnd() || (orEra && beforeChrist() && at == text.length() - 3);
    }

    /** Time of day and zone → microseconds to add to midnight UTC of the date. */
    private long timePart() {
        if (atEnd(true)) {
            return 0;
        }
        long micros = 0;
        char separator = text.charAt(at);
        boolean isClockNext = at + 1 < text.length() && isDigit(text.charAt(at + 1));
        if ((separator == ' ' || separator == 'T' || separator == 't') && isClockNext) {
            at++;
            micros = clock();
        }
        if (!atEnd(true)) {
            long zone = zone();
            if (type.is(SqlType.Kind.TIMESTAMPTZ)) {
                micros -= zone * 1_000_000;
            }
        }
        if (!atEnd(true)) {
            throw invalid();
        }
        return micros;
    }

    private long clock() {
        long hour = number(2);
        expect(':');
        long minute = number(2);
        long micros = 0;
        if (at < text.length() && text.charAt(at) == ':') {
            at++;
            long second = number(2);
            if (second > 60 || (second == 60 && at < text.length() && text.charAt(at) == '.')) {
                throw outOfRange();
            }
            micros = second * 1_000_000 + fraction();
        }
        if (minute > 59 || hour > 24 || (hour == 24 && (minute > 0 || micros > 0))) {
            throw outOfRange();
        }
        return (hour * 60 + minute) * 60_000_000 + micros;
    }

    private long fraction() {
        if (at >= text.length() || text.charAt(at) != '.') {
            return 0;
        }
        int start = at++;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return at == start + 1 ? 0 : (long) Math.rint(Double.parseDouble("0" + text.substring(start, at)) * 1e6);
    }

    /** Seconds east of UTC. */
    private long zone() {
        if (text.charAt(at) == ' ') {
            at++;
        }
        for (String name : new String[] {"UTC", "GMT", "Z"}) {
            if (text.regionMatches(true, at, name, 0, name.length())) {
                at += name.length();
                return 0;
            }
        }
        char sign = at < text.length() ? text.charAt(at) : ' ';
        if (sign != '+' && sign != '-') {
            throw invalid();
        }
        at++;
        long seconds = number(2) * 3600;
        for (int unit = 60; unit >= 1 && at < text.length() && text.charAt(at) == ':'; unit /= 60) {
            at++;
            long part = number(2);
            if (part > 59) {
                throw outOfRange();
            }
            seconds += part * unit;
        }
        if (at + 1 < text.length() && isDigit(text.charAt(at))) {
            seconds += number(2) * 60;
        }
        if (seconds >= ZONE_SECONDS_MAX) {
            throw new EvaluationException("time zone displacement out of range: \"" + original + "\"");
        }
        return sign == '-' ? -seconds : seconds;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private long number(int digitsMax) {
        int start = at;
        long value = 0;
        while (at < text.length() && at - start < digitsMax && isDigit(text.charAt(at))) {
            value = value * 10 + text.charAt(at) - '0';
            at++;
        }
        if (at == start) {
            throw invalid();
        }
        return value;
    }

    private void expect(char c) {
        if (at >= text.length() || text.charAt(at) != c) {
            throw invalid();
        }
        at++;
    }
}
