package dev.warung.core.where.bind;

import dev.warung.core.where.tree.LikeBody;
import dev.warung.core.where.tree.Operator;
import dev.warung.core.where.tree.Operator.Strictness;
import dev.warung.core.where.tree.Operator.Volatility;
import dev.warung.core.where.type.SqlType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Operators and functions by name and number of operands; filled once, then only read. */
final class OperatorList {

    /** The computation of one operand that is not NULL. */
    @FunctionalInterface
    interface One {
        @Nullable
        Object apply(Object value);
    }

    /** The computation of two operands that are not NULL. */
    @FunctionalInterface
    interface Two {
        @Nullable
        Object apply(Object left, Object right);
    }

    private final Map<String, List<Operator>> byName = new HashMap<>();

    List<Operator> named(String name, int operands) {
        return byName.getOrDefault(name + "/" + operands, List.of());
    }

    boolean has(String name) {
        return byName.containsKey(name + "/1") || byName.containsKey(name + "/2");
    }

    private void add(Operator operator) {
        byName.computeIfAbsent(operator.name() + "/" + operator.parameters().size(), n -> new ArrayList<>())
                .add(operator);
    }

    OperatorList one(String name, SqlType operand, SqlType result, One body) {
        add(unary(name, operand, result, body));
        return this;
    }

    OperatorList two(String name, SqlType left, SqlType right, SqlType result, Two body) {
        add(binary(name, List.of(left, right), result, body));
        return this;
    }

    /** As {@link #two}, computed by PostgreSQL only when a row is there. */
    OperatorList late(String name, SqlType left, SqlType right, SqlType result, Two body) {
        Operator same = binary(name, List.of(left, right), result, body);
        add(new Operator(name, same.parameters(), result, Strictness.STRICT, Volatility.STABLE, same.body()));
        return this;
    }

    OperatorList like(String name, SqlType left, LikeBody body) {
        add(new Operator(
                name, List.of(left, SqlType.TEXT), SqlType.BOOL, Strictness.STRICT, Volatility.IMMUTABLE, body));
        return this;
    }

    static Operator unary(String name, SqlType operand, SqlType result, One body) {
        return new Operator(
                name,
                List.of(operand),
                result,
                Strictness.STRICT,
                Volatility.IMMUTABLE,
                (v, same) -> body.apply(Objects.requireNonNull(v)));
    }

    static Operator binary(String name, List<SqlType> operands, SqlType result, Two body) {
        return new Operator(
                name,
                operands,
                result,
                Strictness.STRICT,
                Volatility.IMMUTABLE,
                (a, b) -> body.apply(Objects.requireNonNull(a), Objects.requireNonNull(b)));
    }
}
