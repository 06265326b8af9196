package dev.warung.core.where.bind;

import dev.warung.core.where.tree.Operator;
import dev.warung.core.where.type.Dates;
import dev.warung.core.where.type.Order;
import dev.warung.core.where.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** The six comparisons of all types that have them. */
final class Comparisons {

    private static final Map<String, IntPredicate> ORDERED = Map.of(
            "<", order -> order < 0,
            "<=", order -> order <= 0,
            ">", order -> order > 0,
            ">=", order -> order >= 0);

    private static final List<SqlType> INTEGERS = List.of(SqlType.INT2, SqlType.INT4, SqlType.INT8);
    private static final List<SqlType> FLOATS = List.of(SqlType.FLOAT4, SqlType.FLOAT8);

    private Comparisons() {}

    static boolean isOrdering(String operator) {
        return ORDERED.containsKey(operator);
    }

    static void addTo(OperatorList list) {
        List<List<SqlType>> pairs = new ArrayList<>();
        cross(pairs, INTEGERS);
        cross(pairs, FLOATS);
        pairs.add(List.of(SqlType.NAME, SqlType.TEXT));
        pairs.add(List.of(SqlType.TEXT, SqlType.NAME));
        for (SqlType type : List.of(
                SqlType.BOOL,
                SqlType.NUMERIC,
                SqlType.TEXT,
                SqlType.BPCHAR,
                SqlType.NAME,
                SqlType.BYTEA,
                SqlType.UUID,
                SqlType.DATE,
                SqlType.TIME,
                SqlType.TIMESTAMP,
                SqlType.TIMESTAMPTZ,
                SqlType.INTERVAL)) {
            pairs.add(List.of(type, type));
        }
        for (List<SqlType> pair : pairs) {
            addAll(list, pair);
        }
        addEqualities(list, SqlType.JSONB);
        for (SqlType timestamp : List.of(SqlType.TIMESTAMP, SqlType.TIMESTAMPTZ)) {
            mixed(list, SqlType.DATE, timestamp, (a, b) -> Dates.compareDateToTimestamp((Long) a, (Long) b));
            mixed(list, timestamp, SqlType.DATE, (a, b) -> -Dates.compareDateToTimestamp((Long) b, (Long) a));
        }
        mixed(list, SqlType.TIMESTAMP, SqlType.TIMESTAMPTZ, (a, b) -> Long.compare((Long) a, (Long) b));
        mixed(list, SqlType.TIMESTAMPTZ, SqlType.TIMESTAMP, (a, b) -> Long.compare((Long) a, (Long) b));
    }

    private static void cross(List<List<SqlType>> pairs, List<SqlType> family) {
        for (SqlType left : family) {
            for (SqlType right : family) {
                pairs.add(List.of(left, right));
            }
        }
    }

    private static void addAll(OperatorList list, List<SqlType> pair) {
        SqlType left = pair.get(0);
        SqlType right = pair.get(1);
        list.two("=", left, right, SqlType.BOOL, (a, b) -> Order.equal(left, a, b));
        list.two("<>", left, right, SqlType.BOOL, (a, b) -> !Order.equal(left, a, b));
        ORDERED.forEach((name, test) ->
                list.two(name, left, right, SqlType.BOOL, (a, b) -> test.test(Order.compare(left, a, b))));
    }

    private static void addEqualities(OperatorList list, SqlType type) {
        list.two("=", type, type, SqlType.BOOL, (a, b) -> Order.equal(type, a, b));
        list.two("<>", type, type, SqlType.BOOL, (a, b) -> !Order.equal(type, a, b));
    }

    @FunctionalInterface
    private interface Comparison {
        int compare(Object left, Object right);
    }

    /** Comparisons with timestamptz depend on the session's time zone, so PostgreSQL computes them late. */
    private static void mixed(OperatorList list, SqlType left, SqlType right, Comparison comparison) {
        boolean isLate = left.is(SqlType.Kind.TIMESTAMPTZ) || right.is(SqlType.Kind.TIMESTAMPTZ);
        add(list, "=", List.of(left, right), isLate, (a, b) -> comparison.compare(a, b) == 0);
        add(list, "<>", List.of(left, right), isLate, (a, b) -> comparison.compare(a, b) != 0);
        ORDERED.forEach((name, test) ->
                add(list, name, List.of(left, right), isLate, (a, b) -> test.test(comparison.compare(a, b))));
    }

    private static void add(OperatorList list, String name, List<SqlType> pair, boolean isLate, OperatorList.Two body) {
        if (isLate) {
            list.late(name, pair.get(0), pair.get(1), SqlType.BOOL, body);
        } else {
            list.two(name, pair.get(0), pair.get(1), SqlType.BOOL, body);
        }
    }

    /** The comparison of an enum or array type, which exist in any number; empty if there is none of this name. */
    static List<Operator> ofType(String name, SqlType type) {
        OperatorList list = new OperatorList();
        addEqualities(list, type);
        if (type.is(SqlType.Kind.ENUM) && !type.labels().isEmpty()) {
            ORDERED.forEach(
                    (n, test) -> list.two(n, type, type, SqlType.BOOL, (a, b) -> test.test(Order.compare(type, a, b))));
        }
        return list.named(name, 2);
    }
}
