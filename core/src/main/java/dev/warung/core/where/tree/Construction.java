package dev.warung.core.where.tree;

import dev.warung.core.where.type.ArrayValue;
import dev.warung.core.where.type.SqlType;
import dev.warung.core.where.type.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values made of several, and marks that only the binding reads. */
public sealed interface Construction extends Expression {

    /** {@code ARRAY[…]}. */
    record ArrayBuild(SqlType type, List<Expression> operands) implements Construction {
        public ArrayBuild {
            operands = List.copyOf(operands);
        }

        @Override
        public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
            List<@Nullable Object> values = new ArrayList<>(operands.size());
            for (Expression operand : operands) {
                values.add(operand.evaluate(row, sets));
            }
            if (operands.isEmpty() || !operands.get(0).type().is(SqlType.Kind.ARRAY)) {
                return ArrayValue.of(values);
            }
            List<ArrayValue> parts = new ArrayList<>();
            for (Object value : values) {
                parts.add(value == null ? ArrayValue.EMPTY : (ArrayValue) value);
            }
            return ArrayValue.nested(parts);
        }

        @Override
        public Expression with(List<Expression> changed) {
            return new ArrayBuild(type, changed);
        }
    }

    /** {@code concat(…)}: NULL is nothing. */
    record Concat(List<Expression> operands) implements Construction {
        public Concat {
            operands = List.copyOf(operands);
        }

        @Override
        public SqlType type() {
            return SqlType.TEXT;
        }

        @Override
        public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
            StringBuilder text = new StringBuilder();
            for (Expression operand : operands) {
                Object value = operand.evaluate(row, sets);
                if (value != null) {
                    text.append(Values.text(operand.type(), value));
                }
            }
            return text.toString();
        }

        @Override
        public Expression with(List<Expression> changed) {
            return new Concat(changed);
        }
    }

    /**
     * A text under another collation.
     *
     * @param collation as {@code COLLATE} names it
     */
    record Collated(String collation, Expression operand) implements Construction {
        @Override
        public SqlType type() {
            return operand.type();
        }

        @Override
        public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
            return operand.evaluate(row, sets);
        }

        @Override
        public List<Expression> operands() {
            return List.of(operand);
        }

        @Override
        public Expression with(List<Expression> changed) {
            return new Collated(collation, changed.get(0));
        }
    }
}
