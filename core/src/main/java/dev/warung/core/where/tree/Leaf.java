package dev.warung.core.where.tree;

import java.util.List;

/** A part that is not made of others. */
public sealed interface Leaf extends Expression permits ColumnValue, Constant, ParameterValue {

    @Override
    default List<Expression> operands() {
        return List.of();
    }

    @Override
    default Expression with(List<Expression> operands) {
        return this;
    }
}
