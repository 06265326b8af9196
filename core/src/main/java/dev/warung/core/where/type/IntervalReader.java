package dev.warung.core.where.type;

import dev.warung.core.where.problem.EvaluationException;
import java.util.Locale;

/**
 * Reads intervals: {@code P1M2DT3H}, {@code 1 mon 2 days 03:04:05.6} and {@code 3 hours ago} are three; {@code soon} is refused.
 *
 * <p>Thread: one; used once.
 */
final class IntervalReader {

    private final String original;
    private final String text;
    private int at;
    private long months;
    private long days;
    private long micros;

    private IntervalReader(String original) {
        this.original = original;
        this.text = NumberText.trim(original).toLowerCase(Locale.ROOT);
    }

    /** @throws EvaluationException if the text is not an interval */
    static Interval interval(String text) {
        IntervalReader reader = new IntervalReader(text);
        switch (reader.text) {
            case "infinity", "+infinity" -> {
                return Interval.INFINITY;
            }
            case "-infinity" -> {
                return Interval.MINUS_INFINITY;
            }
            default -> {
                // parts
            }
        }
        try {
            if (reader.text.startsWith("p")) {
                reader.iso();
            } else {
                reader.words();
            }
            return Interval.finite(Math.toIntExact(reader.months), Math.toIntExact(reader.days), reader.micros);
        } catch (ArithmeticException e) {
            throw new EvaluationException("interval field value out of range: \"" + text + "\"");
        }
    }

    private EvaluationException invalid() {
        return new EvaluationException("invalid input syntax for type interval: \"" + original + "\"");
    }

    private boolean atEnd() {
        return at >= text.length();
    }

    private void iso() {
        at = 1;
        boolean isTime = false;
        boolean any = false;
        while (!atEnd()) {
            if (text.charAt(at) == 't' && !isTime) {
                isTime = true;
                at++;
                continue;
            }
            String number = number();
            if (atEnd()) {
                throw invalid();
            }
            char unit = text.charAt(at++);
            any = true;
            if (isTime) {
                switch (unit) {
                    case 'h' -> add(number, "hour");
                    case 'm' -> add(number, "minute");
                    case 's' -> add(number, "second");
                    default -> throw invalid();
                }
            } else {
                switch (unit) {
                    case 'y' -> add(number, "year");
                    case 'm' -> add(number, "month");
                    case 'w' -> add(number, "week");
                    case 'd' -> add(number, "day");
                    default -> throw invalid();
                }
            }
        }
        if (!any) {
            throw invalid();
        }
    }

    private void words() {
        if (text.startsWith("@")) {
            at = 1;
        }
        boolean any = false;
        while (true) {
            skipSpace();
            if (atEnd()) {
                break;
            }
            if (any && text.startsWith("ago", at) && at + 3 == text.length()) {
                months = Math.negateExact(months);
                days = Math.negateExact(days);
                micros = Math.negateExact(micros);
                return;
            }
            int start = at;
            String number = number();
            if (!atEnd() && text.charAt(at) == ':') {
                at = start;
                clock();
            } else {
                skipSpace();
                unit(number);
            }
            any = true;
        }
        if (!any) {
            throw invalid();
        }
    }

    private void skipSpace() {
        while (!atEnd() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private void unit(String number) {
        int start = at;
        while (!atEnd() && text.charAt(at) >= 'a' && text.charAt(at) <= 'z') {
            at++;
        }
        String word = text.substring(start, at);
        if (word.isEmpty()) {
            if (!atEnd()) {
                // A bare number before a clock, as in "2 03:04", is days.
                add(number, "day");
            } else {
                add(number, "second");
            }
            return;
        }
        add(number, word);
    }

    private void clock() {
        boolean negative = text.charAt(at) == '-';
        if (negative || text.charAt(at) == '+') {
            at++;
        }
        String hours = digits();
        if (atEnd() || text.charAt(at++) != ':') {
            throw invalid();
        }
        String minutes = digits();
        long total = Math.multiplyExact(Long.parseLong(hours), 3_600_000_000L);
        long minute = Long.parseLong(minutes);
        long second = 0;
        long fraction = 0;
        if (!atEnd() && text.charAt(at) == ':') {
            at++;
            second = Long.parseLong(digits());
            if (!atEnd() && text.charAt(at) == '.') {
                int start = at++;
                while (!atEnd() && Character.isDigit(text.charAt(at))) {
                    at++;
                }
                fraction = (long) Math.rint(Double.parseDouble("0" + text.substring(start, at)) * 1e6);
            }
        }
        if (minute > 59 || second > 59) {
            throw new EvaluationException("interval field value out of range: \"" + original + "\"");
        }
        total = Math.addExact(total, minute * 60_000_000 + second * 1_000_000 + fraction);
        micros = Math.addExact(micros, negative ? -total : total);
    }

    private String digits() {
        int start = at;
        while (!atEnd() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start || at - start > 12) {
            throw invalid();
        }
        return text.substring(start, at);
    }

    /** A signed number, perhaps with a fraction. */
    private String number() {
        int start = at;
        if (!atEnd() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
            at++;
        }
        int first = at;
        while (!atEnd() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        String number = text.substring(start, at);
        if (at == first || number.indexOf('.') != number.lastIndexOf('.') || number.endsWith(".") && at == first + 1) {
            throw invalid();
        }
        return number;
    }

    private void add(String number, String unit) {
        int point = number.indexOf('.');
        boolean negative = number.startsWith("-");
        String wholeText = point < 0 ? number : number.substring(0, point);
        long whole;
        try {
            whole = wholeText.isEmpty() || wholeText.equals("-") || wholeText.equals("+")
                    ? 0
                    : Long.parseLong(wholeText);
        } catch (NumberFormatException e) {
            throw new EvaluationException("interval field value out of range: \"" + original + "\"");
        }
        double fraction =
                point < 0 || point == number.length() - 1 ? 0 : Double.parseDouble("0" + number.substring(point));
        add(whole, negative ? -fraction : fraction, unit);
    }

    private void add(long whole, double fraction, String unit) {
        switch (unit) {
            case "microsecond", "microseconds", "us", "usec", "usecs" -> addMicros(whole, fraction, 1);
            case "millisecond", "milliseconds", "ms", "msec", "msecs" -> addMicros(whole, fraction, 1000);
            case "second", "seconds", "sec", "secs", "s" -> addMicros(whole, fraction, 1_000_000);
            case "minute", "minutes", "min", "mins", "m" -> addMicros(whole, fraction, 60_000_000);
            case "hour", "hours", "hr", "hrs", "h" -> addMicros(whole, fraction, 3_600_000_000L);
            case "day", "days", "d" -> {
                days = Math.addExact(days, whole);
                addFractionOfDays(fraction, 1);
            }
            case "week", "weeks", "w" -> {
                days = Math.addExact(days, Math.multiplyExact(whole, 7));
                addFractionOfDays(fraction, 7);
            }
            case "month", "months", "mon", "mons" -> {
                months = Math.addExact(months, whole);
                addFractionOfDays(fraction, 30);
            }
            case "year", "years", "yr", "yrs", "y" -> addYears(whole, fraction, 1);
            case "decade", "decades", "dec", "decs" -> addYears(whole, fraction, 10);
            case "century", "centuries", "cent", "c" -> addYears(whole, fraction, 100);
            case "millennium", "millennia", "mil", "mils" -> addYears(whole, fraction, 1000);
            default -> throw invalid();
        }
    }

    private void addYears(long whole, double fraction, int years) {
        months = Math.addExact(months, Math.multiplyExact(whole, 12L * years));
        months = Math.addExact(months, (long) Math.rint(fraction * 12 * years));
    }

    private void addMicros(long whole, double fraction, long unit) {
        micros = Math.addExact(micros, Math.multiplyExact(whole, unit));
        addFraction(fraction, unit);
    }

    private void addFractionOfDays(double fraction, int scale) {
        double scaled = fraction * scale;
        long extra = (long) scaled;
        days = Math.addExact(days, extra);
        addFraction(scaled - extra, Dates.DAY_MICROS);
    }

    private void addFraction(double fraction, long unit) {
        double scaled = fraction * unit;
        long extra = (long) scaled;
        double rest = scaled - extra;
        micros = Math.addExact(micros, extra + (rest > 0.5 ? 1 : rest < -0.5 ? -1 : 0));
    }
}
