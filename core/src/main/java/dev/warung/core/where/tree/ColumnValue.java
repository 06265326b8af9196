package dev.warung.core.where.tree;

import dev.warung.core.schema.Column;
import dev.warung.core.where.type.SqlType;
import dev.warung.core.where.type.Values;
import org.jspecify.annotations.Nullable;

/**
 * A column of the row.
 *
 * @param type what it is taken for: a varchar column may be taken for text
 * @param index of the value in the row
 */
public record ColumnValue(SqlType type, Column column, int index) implements Leaf {

    @Override
    public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
        Object stored = row[index];
        return stored == null ? null : Values.read(type, stored);
    }
}
