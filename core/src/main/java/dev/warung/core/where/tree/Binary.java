package dev.warung.core.where.tree;

import dev.warung.core.where.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An operator or function of two operands. Both are evaluated before one is looked at, as in PostgreSQL. */
public record Binary(int position, Operator operator, Expression left, Expression right) implements Expression {

    @Override
    public SqlType type() {
        return operator.result();
    }

    @Override
    public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
        Object a = left.evaluate(row, sets);
        Object b = right.evaluate(row, sets);
        return (a == null || b == null) && operator.isStrict()
                ? null
                : operator.body().apply(a, b);
    }

    @Override
    public List<Expression> operands() {
        return List.of(left, right);
    }

    @Override
    public Expression with(List<Expression> operands) {
        return new Binary(position, operator, operands.get(0), operands.get(1));
    }
}
