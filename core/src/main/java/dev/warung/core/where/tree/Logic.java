package dev.warung.core.where.tree;

import dev.warung.core.where.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** AND, OR and NOT of three truth values; from left to right, no further than needed. */
public sealed interface Logic extends Expression {

    @Override
    default SqlType type() {
        return SqlType.BOOL;
    }

    /** @param deciding the truth that decides as soon as one operand has it */
    private static @Nullable Object evaluate(
            List<Expression> operands, boolean deciding, @Nullable Object[] row, InnerSets sets) {
        boolean isKnown = true;
        for (int i = 0; i < operands.size(); i++) {
            Boolean truth = operands.get(i).truth(row, sets);
            if (truth == null) {
                isKnown = false;
            } else if (truth == deciding) {
                return deciding;
            }
        }
        return isKnown ? (Object) !deciding : null;
    }

    record And(List<Expression> operands) implements Logic {
        public And {
            operands = List.copyOf(operands);
        }

        @Override
        public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
            return Logic.evaluate(operands, false, row, sets);
        }

        @Override
        public Expression with(List<Expression> changed) {
            return new And(changed);
        }
    }

    record Or(List<Expression> operands) implements Logic {
        public Or {
            operands = List.copyOf(operands);
        }

        @Override
        public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
            return Logic.evaluate(operands, true, row, sets);
        }

        @Override
        public Expression with(List<Expression> changed) {
            return new Or(changed);
        }
    }

    record Not(Expression operand) implements Logic {
        @Override
        public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
            Boolean truth = operand.truth(row, sets);
            return truth == null ? null : (Object) !truth;
        }

        @Override
        public List<Expression> operands() {
            return List.of(operand);
        }

        @Override
        public Expression with(List<Expression> changed) {
            return new Not(changed.get(0));
        }
    }
}
