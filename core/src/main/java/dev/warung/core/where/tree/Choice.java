package dev.warung.core.where.tree;

import dev.warung.core.where.type.Order;
import dev.warung.core.where.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One of several values. */
public sealed interface Choice extends Expression {

    /** The first that is not NULL. */
    record Coalesce(SqlType type, List<Expression> operands) implements Choice {
        public Coalesce {
            operands = List.copyOf(operands);
        }

        @Override
        public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
            for (Expression operand : operands) {
                Object value = operand.evaluate(row, sets);
                if (value != null) {
                    return value;
                }
            }
            return null;
        }

        @Override
        public Expression with(List<Expression> changed) {
            return new Coalesce(type, changed);
        }
    }

    /** GREATEST, or LEAST; NULL does not count. */
    record Extreme(SqlType type, boolean greatest, List<Expression> operands) implements Choice {
        public Extreme {
            operands = List.copyOf(operands);
        }

        @Override
        public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
            Object best = null;
            for (Expression operand : operands) {
                Object value = operand.evaluate(row, sets);
                if (value == null) {
                    continue;
                }
                int order = best == null ? 0 : Order.compare(type, value, best);
                if (best == null || (greatest ? order > 0 : order < 0)) {
                    best = value;
                }
            }
            return best;
        }

        @Override
        public Expression with(List<Expression> changed) {
            return new Extreme(type, greatest, changed);
        }
    }

    /** {@code NULLIF(left, right)}: NULL if they are equal, else the left one. */
    record NullIf(Operator equal, Expression value, Expression left, Expression right) implements Choice {
        @Override
        public SqlType type() {
            return value.type();
        }

        @Override
        public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
            Object a = left.evaluate(row, sets);
            Object b = right.evaluate(row, sets);
            boolean isSame =
                    a != null && b != null && Boolean.TRUE.equals(equal.body().apply(a, b));
            return isSame ? null : value.evaluate(row, sets);
        }

        @Override
        public List<Expression> operands() {
            return List.of(value, left, right);
        }

        @Override
        public Expression with(List<Expression> changed) {
            return new NullIf(equal, changed.get(0), changed.get(1), changed.get(2));
        }
    }
}
