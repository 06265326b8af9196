package dev.warung.core.where.tree;

import dev.warung.core.schema.TableSchema;
import dev.warung.core.where.type.Values;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code (SELECT value FROM table WHERE where)}.
 *
 * @param value what it gives for a row of the table, in the type of the comparison
 */
public record SubSelect(TableSchema table, Expression value, Optional<Expression> where) {

    /** Whether a row of the inner table is in the result. */
    public boolean takes(@Nullable Object[] innerRow) {
        return where.isEmpty() || Boolean.TRUE.equals(where.get().truth(innerRow, InnerSets.NONE));
    }

    /** The key of the row's value in an {@link InnerSet}; null if the value is NULL. */
    public @Nullable String key(@Nullable Object[] innerRow) {
        Object of = value.evaluate(innerRow, InnerSets.NONE);
        return of == null ? null : Values.key(value.type(), of);
    }
}
