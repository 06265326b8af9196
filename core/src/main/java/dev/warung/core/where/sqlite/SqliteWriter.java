package dev.warung.core.where.sqlite;

import dev.warung.core.schema.Column;
import dev.warung.core.where.tree.Binary;
import dev.warung.core.where.tree.ColumnValue;
import dev.warung.core.where.tree.Constant;
import dev.warung.core.where.tree.Construction;
import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.tree.Fast;
import dev.warung.core.where.tree.Logic;
import dev.warung.core.where.tree.Operator;
import dev.warung.core.where.tree.Test;
import dev.warung.core.where.type.Bytes;
import dev.warung.core.where.type.SqlType;
import dev.warung.core.where.type.SqlType.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Parts of a clause as SQL of SQLite, where its result, NULL too, is PostgreSQL's for everything that our tables hold. What SQLite
 * stores as text is equal where the text is; its order is that of the bytes, so only texts under such a collation, uuid and
 * bytea have PostgreSQL's order.
 */
final class SqliteWriter {

    private static final int LIST_MAX = 1000;
    private static final Map<String, String> COMPARISONS =
            Map.of("=", "=", "<>", "<>", "<", "<", "<=", "<=", ">", ">", ">=", ">=");

    private final Function<Column, String> name;

    SqliteWriter(Function<Column, String> name) {
        this.name = name;
    }

    record Part(String sql, List<Object> values) {
        static Part of(String sql) {
            return new Part(sql, List.of());
        }
    }

    /** Empty if SQLite would decide some row differently. */
    Optional<Part> write(Expression expression) {
        if (expression instanceof Fast.Equality equality) {
            return write(equality.origin());
        }
        if (expression instanceof Fast.OneOf list) {
            return oneOf(list);
        }
        if (expression instanceof Logic logic) {
            return logic(logic);
        }
        if (expression instanceof Test.NullTest test && test.operand() instanceof ColumnValue column) {
            return Optional.of(Part.of(name.apply(column.column()) + (test.negated() ? " IS NOT NULL" : " IS NULL")));
        }
        if (expression instanceof Test.TruthTest test) {
            String wanted = test.wanted().map(w -> w ? "TRUE" : "FALSE").orElse("NULL");
            return write(test.operand())
                    .map(p -> new Part("(" + p.sql() + ") IS " + (test.negated() ? "NOT " : "") + wanted, p.values()));
        }
        if (expression instanceof Test.Distinct distinct) {
            return comparison(distinct.equal(), distinct.negated() ? "IS" : "IS NOT", distinct.operands());
        }
        if (expression instanceof Binary binary
                && COMPARISONS.containsKey(binary.operator().name())) {
            return comparison(binary.operator(), binary.operator().name(), binary.operands());
        }
        if (expression instanceof ColumnValue column && column.type().is(Kind.BOOL)) {
            return Optional.of(Part.of(name.apply(column.column())));
        }
        if (expression instanceof Constant constant && constant.type().is(Kind.BOOL)) {
            Object truth = constant.value();
            return Optional.of(Part.of(truth == null ? "NULL" : (Boolean) truth ? "1" : "0"));
        }
        return Optional.empty();
    }

    private Optional<Part> logic(Logic logic) {
        List<Part> parts = new ArrayList<>();
        for (Expression operand : logic.operands()) {
            Optional<Part> part = write(operand);
            if (part.isEmpty()) {
                return Optional.empty();
            }
            parts.add(part.get());
        }
        List<Object> values = parts.stream().flatMap(p -> p.values().stream()).toList();
        if (logic instanceof Logic.Not) {
            return Optional.of(new Part("NOT (" + parts.get(0).sql() + ")", values));
        }
        String word = logic instanceof Logic.And ? " AND " : " OR ";
        return Optional.of(new Part(
                parts.stream().map(p -> "(" + p.sql() + ")").collect(Collectors.joining(word, "(", ")")), values));
    }

    private Optional<Part> oneOf(Fast.OneOf list) {
        if (!(list.operand() instanceof ColumnValue column)
                || list.origin().operands().size() > LIST_MAX) {
            return Optional.empty();
        }
        List<Object> values = new ArrayList<>();
        for (Expression test : list.origin().operands()) {
            Optional<Part> part = write(test);
            if (part.isEmpty()) {
                return Optional.empty();
            }
            values.addAll(part.get().values());
        }
        String marks = values.stream().map(v -> "?").collect(Collectors.joining(", "));
        return Optional.of(new Part(name.apply(column.column()) + " IN (" + marks + ")", values));
    }

    private Optional<Part> comparison(Operator operator, String sqliteOperator, List<Expression> operands) {
        SqlType left = operator.parameters().get(0);
        SqlType right = operator.parameters().get(1);
        boolean isOneType = left.equals(right) || (left.isInteger() && right.isInteger());
        boolean isEquality = operator.name().equals("=") || operator.name().equals("<>");
        if (!isOneType || !(isEquality ? left.isEqualAsText() || left.is(Kind.FLOAT8) : isOrderedAlike(left))) {
            return Optional.empty();
        }
        Optional<Part> first = value(operands.get(0));
        Optional<Part> second = value(operands.get(1));
        boolean isColumnThere = operands.stream().anyMatch(o -> bare(o) instanceof ColumnValue);
        boolean areFloatsAlike = !left.is(Kind.FLOAT8) || operands.stream().anyMatch(SqliteWriter::isPlainFloat);
        if (first.isEmpty() || second.isEmpty() || !isColumnThere || !areFloatsAlike) {
            return Optional.empty();
        }
        List<Object> values = new ArrayList<>(first.get().values());
        values.addAll(second.get().values());
        return Optional.of(new Part(
                first.get().sql() + " " + sqliteOperator + " " + second.get().sql(), values));
    }

    private static boolean isOrderedAlike(SqlType type) {
        return type.isInteger()
                || type.is(Kind.BOOL)
                || type.is(Kind.BYTEA)
                || type.is(Kind.UUID)
                || type.is(Kind.TEXT)
                || type.is(Kind.NAME);
    }

    /** A finite float other than zero has one form in SQLite; zero, NaN and the infinities are texts there or have two forms. */
    private static boolean isPlainFloat(Expression expression) {
        return expression instanceof Constant constant
                && constant.value() instanceof Double number
                && number != 0
                && !number.isNaN()
                && !number.isInfinite();
    }

    private static Expression bare(Expression expression) {
        return expression instanceof Construction.Collated collated ? bare(collated.operand()) : expression;
    }

    private Optional<Part> value(Expression given) {
        Expression expression = bare(given);
        if (expression instanceof ColumnValue column) {
            boolean isSmallFloat = column.type().is(Kind.FLOAT4);
            return isSmallFloat ? Optional.empty() : Optional.of(Part.of(name.apply(column.column())));
        }
        if (!(expression instanceof Constant constant)) {
            return Optional.empty();
        }
        Object value = constant.value();
        if (value == null) {
            return Optional.of(Part.of("NULL"));
        }
        Object stored = value instanceof Boolean truth
                ? (Object) (truth ? 1L : 0L)
                : value instanceof Bytes bytes
                        ? bytes.toArray()
                        : value instanceof Long && !constant.type().isInteger()
                                ? dev.warung.core.where.type.Values.text(constant.type(), value)
                                : value;
        return Optional.of(new Part("?", List.of(stored)));
    }
}
