package dev.warung.core.where.bind;

import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.where.type.Numeric;
import dev.warung.core.where.type.SqlType;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/** Arithmetic on integers, numerics and floats; what overflows is an error. */
final class NumberOperators {

    private static final List<SqlType> INTEGERS = List.of(SqlType.INT2, SqlType.INT4, SqlType.INT8);

    private NumberOperators() {}

    static void addTo(OperatorList list) {
        for (SqlType left : INTEGERS) {
            for (SqlType right : INTEGERS) {
                SqlType result = INTEGERS.indexOf(left) > INTEGERS.indexOf(right) ? left : right;
                integers(list, left, right, result);
            }
            bits(list, left);
        }
        numerics(list);
        floats(list, SqlType.FLOAT4, SqlType.FLOAT4, SqlType.FLOAT4);
        floats(list, SqlType.FLOAT4, SqlType.FLOAT8, SqlType.FLOAT8);
        floats(list, SqlType.FLOAT8, SqlType.FLOAT4, SqlType.FLOAT8);
        floats(list, SqlType.FLOAT8, SqlType.FLOAT8, SqlType.FLOAT8);
        signs(list);
        list.two("^", SqlType.FLOAT8, SqlType.FLOAT8, SqlType.FLOAT8, (a, b) -> power((Double) a, (Double) b));
        list.one("|/", SqlType.FLOAT8, SqlType.FLOAT8, v -> root((Double) v));
    }

    private static void integers(OperatorList list, SqlType left, SqlType right, SqlType result) {
        integer(list, "+", List.of(left, right, result), Math::addExact);
        integer(list, "-", List.of(left, right, result), Math::subtractExact);
        integer(list, "*", List.of(left, right, result), Math::multiplyExact);
        integer(list, "/", List.of(left, right, result), NumberOperators::quotient);
    }

    private static void bits(OperatorList list, SqlType type) {
        integer(list, "%", List.of(type, type, type), (a, b) -> {
            if (b == 0) {
                throw divisionByZero();
            }
            return a % b;
        });
        integer(list, "&", List.of(type, type, type), (a, b) -> a & b);
        integer(list, "|", List.of(type, type, type), (a, b) -> a | b);
        integer(list, "#", List.of(type, type, type), (a, b) -> a ^ b);
        list.one("~", type, type, v -> ~(Long) v);
    }

    private static void integer(OperatorList list, String name, List<SqlType> types, LongBinaryOperator body) {
        SqlType result = types.get(2);
        list.two(name, types.get(0), types.get(1), result, (a, b) -> {
            try {
                return Casts.inRange(body.applyAsLong((Long) a, (Long) b), result);
            } catch (ArithmeticException e) {
                throw new EvaluationException(result + " out of range");
            }
        });
    }

    private static long quotient(long dividend, long divisor) {
        if (divisor == 0) {
            throw divisionByZero();
        }
        return divisor == -1 ? Math.negateExact(dividend) : dividend / divisor;
    }

    private static EvaluationException divisionByZero() {
        return new EvaluationException("division by zero");
    }

    private static void numerics(OperatorList list) {
        SqlType type = SqlType.NUMERIC;
        list.two("+", type, type, type, (a, b) -> ((Numeric) a).add((Numeric) b));
        list.two("-", type, type, type, (a, b) -> ((Numeric) a).subtract((Numeric) b));
        list.two("*", type, type, type, (a, b) -> ((Numeric) a).multiply((Numeric) b));
        list.two("/", type, type, type, (a, b) -> ((Numeric) a).divide((Numeric) b));
        list.two("%", type, type, type, (a, b) -> ((Numeric) a).remainder((Numeric) b));
        // Listed so that it is chosen where PostgreSQL would choose it, and then refused.
        list.two("^", type, type, type, (a, b) -> {
            throw new EvaluationException("powers of numeric are not supported: cast to double precision");
        });
    }

    private static void floats(OperatorList list, SqlType left, SqlType right, SqlType result) {
        floating(list, "+", List.of(left, right, result), Double::sum);
        floating(list, "-", List.of(left, right, result), (a, b) -> a - b);
        list.two("*", left, right, result, (a, b) -> {
            double product = narrow((Double) a * (Double) b, result);
            return checked(product, isInfinite(a, b), (Double) a == 0 || (Double) b == 0);
        });
        list.two("/", left, right, result, (a, b) -> {
            if ((Double) b == 0 && !Double.isNaN((Double) a)) {
                throw divisionByZero();
            }
            double quotient = narrow((Double) a / (Double) b, result);
            boolean isZero = (Double) a == 0 || Double.isInfinite((Double) b);
            return checked(quotient, Double.isInfinite((Double) a), isZero);
        });
    }

    private static void floating(OperatorList list, String name, List<SqlType> types, DoubleBinaryOperator body) {
        list.two(name, types.get(0), types.get(1), types.get(2), (a, b) -> {
            double result = narrow(body.applyAsDouble((Double) a, (Double) b), types.get(2));
            return checked(result, isInfinite(a, b), true);
        });
    }

    private static boolean isInfinite(Object a, Object b) {
        return Double.isInfinite((Double) a) || Double.isInfinite((Double) b);
    }

    /** One rounding to double and one to float give what one to float gives, for these four operations. */
    private static double narrow(double value, SqlType type) {
        return type.is(SqlType.Kind.FLOAT4) ? (float) value : value;
    }

    private static double checked(double value, boolean mayBeInfinite, boolean mayBeZero) {
        if (Double.isInfinite(value) && !mayBeInfinite) {
            throw new EvaluationException("value out of range: overflow");
        }
        if (value == 0 && !mayBeZero) {
            throw new EvaluationException("value out of range: underflow");
        }
        return value;
    }

    private static void signs(OperatorList list) {
        for (SqlType type : INTEGERS) {
            list.one("+", type, type, v -> v);
            list.one("-", type, type, v -> Casts.inRange(negated((Long) v, type), type));
            for (String name : List.of("@", "abs")) {
                list.one(name, type, type, v -> Casts.inRange((Long) v < 0 ? negated((Long) v, type) : (Long) v, type));
            }
        }
        for (SqlType type : List.of(SqlType.FLOAT4, SqlType.FLOAT8)) {
            list.one("+", type, type, v -> v);
            list.one("-", type, type, v -> -(Double) v);
            list.one("@", type, type, v -> Math.abs((Double) v));
            list.one("abs", type, type, v -> Math.abs((Double) v));
        }
        list.one("+", SqlType.NUMERIC, SqlType.NUMERIC, v -> v);
        list.one("-", SqlType.NUMERIC, SqlType.NUMERIC, v -> ((Numeric) v).negate());
        list.one("@", SqlType.NUMERIC, SqlType.NUMERIC, v -> ((Numeric) v).abs());
        list.one("abs", SqlType.NUMERIC, SqlType.NUMERIC, v -> ((Numeric) v).abs());
    }

    private static long negated(long value, SqlType type) {
        if (value == Long.MIN_VALUE) {
            throw new EvaluationException(type + " out of range");
        }
        return -value;
    }

    private static Object power(double base, double exponent) {
        if (base == 1 || exponent == 0) {
            return 1.0;
        }
        if (Double.isNaN(base) || Double.isNaN(exponent)) {
            return Double.NaN;
        }
        if (base == 0 && exponent < 0) {
            throw new EvaluationException("zero raised to a negative power is undefined");
        }
        if (base < 0 && !Double.isInfinite(base) && !Double.isInfinite(exponent) && Math.floor(exponent) != exponent) {
            throw new EvaluationException("a negative number raised to a non-integer power yields a complex result");
        }
        if (base == -1 && Double.isInfinite(exponent)) {
            return 1.0;
        }
        boolean isInfinite = Double.isInfinite(base) || Double.isInfinite(exponent);
        return checked(Math.pow(base, exponent), isInfinite, isInfinite || base == 0);
    }

    private static Object root(double value) {
        if (value < 0) {
            throw new EvaluationException("cannot take square root of a negative number");
        }
        return Math.sqrt(value);
    }
}
