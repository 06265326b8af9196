package dev.warung.core.where.tree;

import dev.warung.core.where.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An operator, function or cast of one operand. */
public record Unary(int position, Operator operator, Expression operand) implements Expression {

    @Override
    public SqlType type() {
        return operator.result();
    }

    @Override
    public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
        Object value = operand.evaluate(row, sets);
        return value == null && operator.isStrict() ? null : operator.body().apply(value, value);
    }

    @Override
    public List<Expression> operands() {
        return List.of(operand);
    }

    @Override
    public Expression with(List<Expression> operands) {
        return new Unary(position, operator, operands.get(0));
    }
}
