package dev.warung.core.where.type;

import dev.warung.core.where.problem.EvaluationException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;

/** Texts of numbers: what PostgreSQL reads, and what it prints for floats. */
public final class NumberText {

    private static final int EXPONENT_DIGITS_MAX = 9;

    private NumberText() {}

    /** Without the white space that PostgreSQL skips around a number. */
    static String trim(String text) {
        int first = 0;
        int last = text.length();
        while (first < last && isSpace(text.charAt(first))) {
            first++;
        }
        while (last > first && isSpace(text.charAt(last - 1))) {
            last--;
        }
        return text.substring(first, last);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    /** An integer of a type with this range. @throws EvaluationException if the text is none */
    public static long integer(String text, SqlType type) {
        Optional<Long> plain = plainLong(text);
        long value;
        if (plain.isPresent()) {
            value = plain.get();
        } else {
            BigInteger whole = whole(trim(text))
                    .orElseThrow(() ->
                            new EvaluationException("invalid input syntax for type " + type + ": \"" + text + "\""));
            if (whole.bitLength() > 63) {
                throw outOfRange(text, type);
            }
            value = whole.longValue();
        }
        if (!inRange(value, type)) {
            throw outOfRange(text, type);
        }
        return value;
    }

    static boolean inRange(long value, SqlType type) {
        return switch (type.kind()) {
            case INT2 -> value == (short) value;
            case INT4 -> value == (int) value;
            default -> true;
        };
    }

    private static EvaluationException outOfRange(String text, SqlType type) {
        return new EvaluationException("value \"" + text + "\" is out of range for type " + type);
    }

    /** The form that PostgreSQL prints, without exceptions on the way: columns come through here. */
    private static Optional<Long> plainLong(String text) {
        int length = text.length();
        boolean negative = length > 0 && text.charAt(0) == '-';
        int first = negative ? 1 : 0;
        if (length == first || length - first > 18) {
            return Optional.empty();
        }
        long value = 0;
        for (int i = first; i < length; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return Optional.empty();
            }
            value = value * 10 + digit;
        }
        return Optional.of(negative ? -value : value);
    }

    /** A whole number in decimal, or hexadecimal, octal or binary, with {@code _} between digits. */
    static Optional<BigInteger> whole(String text) {
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        int radix = 10;
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            radix = switch (digits.charAt(1)) {
                case 'x', 'X' -> 16;
                case 'o', 'O' -> 8;
                case 'b', 'B' -> 2;
                default -> 10;
            };
        }
        if (radix != 10) {
            digits = digits.substring(2);
            if (digits.startsWith("_")) {
                digits = digits.substring(1);
            }
        }
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            boolean isSeparator = c == '_' && i > 0 && i + 1 < digits.length() && digits.charAt(i - 1) != '_';
            if (c > 127 || (Character.digit(c, radix) < 0 && !isSeparator)) {
                return Optional.empty();
            }
        }
        if (digits.isEmpty()) {
            return Optional.empty();
        }
        BigInteger value = new BigInteger(digits.replace("_", ""), radix);
        return Optional.of(negative ? value.negate() : value);
    }

    /** A number with point and exponent, or a whole one in any notation. */
    static Optional<BigDecimal> decimal(String text) {
        if (isDecimal(text)) {
            int exponent = Math.max(text.indexOf('e'), text.indexOf('E'));
            if (exponent >= 0 && text.length() - exponent - 1 > EXPONENT_DIGITS_MAX) {
                throw new EvaluationException("value overflows numeric format");
            }
            return Optional.of(new BigDecimal(text.replace("_", "")));
        }
        return whole(text).map(BigDecimal::new);
    }

    private static boolean isDecimal(String text) {
        int at = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        int whole = digits(text, at);
        at += whole;
        int fraction = 0;
        if (at < text.length() && text.charAt(at) == '.') {
            fraction = digits(text, at + 1);
            at += 1 + fraction;
        }
        if (whole + fraction == 0) {
            return false;
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
                at++;
            }
            int exponent = digits(text, at);
            if (exponent == 0) {
                return false;
            }
            at += exponent;
        }
        return at == text.length();
    }

    /** How many digits follow from here; an underscore counts between two digits. */
    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean isSeparator = c == '_'
                    && at > from
                    && at + 1 < text.length()
                    && isDigit(text.charAt(at - 1))
                    && isDigit(text.charAt(at + 1));
            if (!isDigit(c) && !isSeparator) {
                break;
            }
            at++;
        }
        return at - from;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** A double or a float as PostgreSQL reads it. @throws EvaluationException if it is none or out of range */
    static double floating(String text, SqlType type) {
        String trimmed = trim(text);
        switch (trimmed.toLowerCase(Locale.ROOT)) {
            case "nan" -> {
                return Double.NaN;
            }
            case "infinity", "inf", "+infinity", "+inf" -> {
                return Double.POSITIVE_INFINITY;
            }
            case "-infinity", "-inf" -> {
                return Double.NEGATIVE_INFINITY;
            }
            default -> {
                // a number
            }
        }
        if (!isDecimal(trimmed) || trimmed.indexOf('_') >= 0) {
            throw new EvaluationException("invalid input syntax for type " + type + ": \"" + text + "\"");
        }
        return type.is(SqlType.Kind.FLOAT4) ? floatOf(trimmed) : doubleOf(trimmed);
    }

    static double doubleOf(String number) {
        double value = Double.parseDouble(number);
        if (Double.isInfinite(value) || (value == 0 && !isZero(number))) {
            throw new EvaluationException("\"" + number + "\" is out of range for type double precision");
        }
        return value;
    }

    static float floatOf(String number) {
        float value = Float.parseFloat(number);
        if (Float.isInfinite(value) || (value == 0 && !isZero(number))) {
            throw new EvaluationException("\"" + number + "\" is out of range for type real");
        }
        return value;
    }

    private static boolean isZero(String number) {
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            if (c == 'e' || c == 'E') {
                return true;
            }
            if (c >= '1' && c <= '9') {
                return false;
            }
        }
        return true;
    }

    /** PostgreSQL's text of a double: the fewest digits that read back to it. */
    public static String shortest(double value) {
        return shortest(value, 17, 15, digits -> Double.parseDouble(digits.toString()) == value);
    }

    /** PostgreSQL's text of a float. */
    public static String shortest(float value) {
        return shortest(value, 9, 6, digits -> Float.parseFloat(digits.toString()) == value);
    }

    private static String shortest(
            double value, int digitsMax, int plainMax, java.util.function.Predicate<BigDecimal> readsBack) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal exact = new BigDecimal(value);
        for (int precision = 1; precision < digitsMax; precision++) {
            for (RoundingMode mode : new RoundingMode[] {RoundingMode.HALF_EVEN, RoundingMode.DOWN, RoundingMode.UP}) {
                BigDecimal rounded = exact.round(new MathContext(precision, mode));
                if (readsBack.test(rounded)) {
                    return written(rounded, plainMax);
                }
            }
        }
        return written(exact.round(new MathContext(digitsMax)), plainMax);
    }

    private static String written(BigDecimal number, int plainMax) {
        BigDecimal stripped = number.stripTrailingZeros();
        int exponent = stripped.precision() - stripped.scale() - 1;
        if (exponent >= -4 && exponent < plainMax) {
            return stripped.toPlainString();
        }
        String digits = stripped.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        int size = Math.abs(exponent);
        return (stripped.signum() < 0 ? "-" : "")
                + mantissa
                + (exponent < 0 ? "e-" : "e+")
                + (size < 10 ? "0" : "")
                + size;
    }
}
