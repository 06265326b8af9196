package dev.warung.core.where.tree;

import dev.warung.core.where.type.LikeMatcher;
import dev.warung.core.where.type.SqlType;
import dev.warung.core.where.type.Values;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Forms of frequent tests that {@link Folding} puts in place of the general ones, for speed alone. */
public sealed interface Fast extends Expression {

    @Override
    default SqlType type() {
        return SqlType.BOOL;
    }

    /** The general form. */
    Expression origin();

    @Override
    default List<Expression> operands() {
        return origin().operands();
    }

    @Override
    default Expression with(List<Expression> operands) {
        return origin().with(operands);
    }

    /** {@code column = constant} where equal values have equal texts: nothing is parsed, nothing allocated. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never a map key
    record Equality(Binary origin, int index, String text, Object stored, boolean negated) implements Fast {

        @Override
        public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
            Object value = row[index];
            if (value == null) {
                return null;
            }
            boolean isEqual;
            if (value instanceof String string) {
                isEqual = string.equals(text);
            } else if (value instanceof byte[] content) {
                isEqual = stored instanceof byte[] other && java.util.Arrays.equals(content, other);
            } else {
                isEqual = value.equals(stored);
            }
            return isEqual != negated;
        }
    }

    /** {@code operand IN (constants)}. */
    record OneOf(Logic.Or origin, Expression operand, Set<String> keys) implements Fast {

        @Override
        public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
            Object value = operand.evaluate(row, sets);
            if (value == null) {
                return null;
            }
            return keys.contains(Values.key(operand.type(), value));
        }
    }

    /** {@code operand LIKE constant}, whose pattern was taken apart once. */
    record Like(Binary origin, Expression operand, LikeBody body, LikeMatcher matcher) implements Fast {

        @Override
        public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
            Object value = operand.evaluate(row, sets);
            return value == null ? null : (Object) (matcher.matches(body.folded(value)) != body.negated());
        }

        @Override
        public List<Expression> operands() {
            return origin.operands();
        }

        @Override
        public Expression with(List<Expression> operands) {
            return origin.with(operands);
        }
    }
}
