package dev.warung.core.where.tree;

import dev.warung.core.where.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value that is the same for all rows; null is NULL. */
public record Constant(SqlType type, @Nullable Object value) implements Expression {

    public static final Constant TRUE = new Constant(SqlType.BOOL, true);
    public static final Constant FALSE = new Constant(SqlType.BOOL, false);

    boolean isTrue() {
        return Boolean.TRUE.equals(value);
    }

    boolean isFalse() {
        return Boolean.FALSE.equals(value);
    }

    @Override
    public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
        return value;
    }

    @Override
    public List<Expression> operands() {
        return List.of();
    }

    @Override
    public Expression with(List<Expression> operands) {
        return this;
    }
}
