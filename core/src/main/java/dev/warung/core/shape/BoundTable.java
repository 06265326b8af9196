package dev.warung.core.shape;

import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.where.WhereClause;
import java.util.List;
import java.util.Optional;

/**
 * A table of a shape with what its names mean.
 *
 * @param positions of the columns that outlets get, growing: indexes into {@link TableSchema#copiedColumns()}
 * @param where its parameters are open: all instances of the shape share this tree
 */
public record BoundTable(TableSchema table, List<Integer> positions, Optional<WhereClause> where) {
    public BoundTable {
        positions = List.copyOf(positions);
    }

    /** The columns that outlets get, in the table's order. */
    public List<Column> columns() {
        List<Column> copied = table.copiedColumns();
        return positions.stream().map(copied::get).toList();
    }
}
