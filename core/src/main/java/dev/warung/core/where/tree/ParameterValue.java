package dev.warung.core.where.tree;

import dev.warung.core.where.type.SqlType;
import org.jspecify.annotations.Nullable;

/** A parameter that has no value yet: such a clause can be taken apart, but not evaluated. */
public record ParameterValue(SqlType type, String name) implements Leaf {

    @Override
    public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
        throw new IllegalStateException("parameter " + name + " has no value");
    }
}
