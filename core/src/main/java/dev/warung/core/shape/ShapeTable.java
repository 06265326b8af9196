package dev.warung.core.shape;

import dev.warung.core.change.TableId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A table of a shape.
 *
 * @param columns names of the columns that outlets get; empty for all, those that come later too
 * @param where which rows they get; empty for all
 */
public record ShapeTable(TableId table, List<String> columns, Optional<String> where) {
    public ShapeTable {
        columns = List.copyOf(columns);
    }

    /** Whether another entry of the same table takes the same columns, also after columns are added. */
    boolean hasColumnsOf(ShapeTable other) {
        return Set.copyOf(columns).equals(Set.copyOf(other.columns));
    }
}
