package dev.warung.core.where.tree;

import dev.warung.core.where.type.ArrayValue;
import dev.warung.core.where.type.SqlType;
import dev.warung.core.where.type.Values;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tests that treat NULL in a way of their own. */
public sealed interface Test extends Expression {

    @Override
    default SqlType type() {
        return SqlType.BOOL;
    }

    /** {@code IS [NOT] NULL}. */
    record NullTest(Expression operand, boolean negated) implements Test {
        @Override
        public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
            // Whether a column is NULL needs no reading of its value, which may be of a type that is not known here.
            Object value = operand instanceof ColumnValue column ? row[column.index()] : operand.evaluate(row, sets);
            return (value == null) != negated;
        }

        @Override
        public List<Expression> operands() {
            return List.of(operand);
        }

        @Override
        public Expression with(List<Expression> changed) {
            return new NullTest(changed.get(0), negated);
        }
    }

    /** {@code IS [NOT] TRUE}, {@code FALSE} or, with an empty {@code wanted}, {@code UNKNOWN}. */
    record TruthTest(Expression operand, Optional<Boolean> wanted, boolean negated) implements Test {
        @Override
        public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
            Boolean truth = operand.truth(row, sets);
            return Optional.ofNullable(truth).equals(wanted) != negated;
        }

        @Override
        public List<Expression> operands() {
            return List.of(operand);
        }

        @Override
        public Expression with(List<Expression> changed) {
            return new TruthTest(changed.get(0), wanted, negated);
        }
    }

    /** {@code IS [NOT] DISTINCT FROM}; {@code equal} is the operator {@code =} of the operands' types. */
    record Distinct(Operator equal, Expression left, Expression right, boolean negated) implements Test {
        @Override
        public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
            Object a = left.evaluate(row, sets);
            Object b = right.evaluate(row, sets);
            boolean isSame = a == null || b == null
                    ? a == null && b == null
                    : Boolean.TRUE.equals(equal.body().apply(a, b));
            return isSame == negated;
        }

        @Override
        public List<Expression> operands() {
            return List.of(left, right);
        }

        @Override
        public Expression with(List<Expression> changed) {
            return new Distinct(equal, changed.get(0), changed.get(1), negated);
        }
    }

    /** {@code left operator ANY (array)} or {@code ALL}. */
    record Quantified(Operator operator, Expression left, Expression array, boolean isAll) implements Test {
        @Override
        public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
            Object value = left.evaluate(row, sets);
            ArrayValue elements = (ArrayValue) array.evaluate(row, sets);
            if (elements == null) {
                return null;
            }
            boolean isKnown = true;
            for (Object element : elements.elements()) {
                Boolean truth = value == null || element == null
                        ? null
                        : (Boolean) operator.body().apply(value, element);
                if (truth == null) {
                    isKnown = false;
                } else if (truth != isAll) {
                    return truth;
                }
            }
            return isKnown ? (Object) isAll : null;
        }

        @Override
        public List<Expression> operands() {
            return List.of(left, array);
        }

        @Override
        public Expression with(List<Expression> changed) {
            return new Quantified(operator, changed.get(0), changed.get(1), isAll);
        }
    }

    /** {@code operand IN (SELECT …)}. */
    record InSelect(Expression operand, SubSelect select) implements Test {
        @Override
        public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
            InnerSet set = sets.of(select);
            if (set.isEmpty()) {
                return false;
            }
            Object value = operand.evaluate(row, sets);
            if (value == null) {
                return null;
            }
            if (set.contains(Values.key(operand.type(), value))) {
                return true;
            }
            return set.holdsNull() ? null : (Object) false;
        }

        @Override
        public List<Expression> operands() {
            return List.of(operand);
        }

        @Override
        public Expression with(List<Expression> changed) {
            return new InSelect(changed.get(0), select);
        }
    }
}
