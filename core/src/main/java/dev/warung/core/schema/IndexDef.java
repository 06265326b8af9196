package dev.warung.core.schema;

import java.util.List;

/**
 * An index of a table.
 *
 * @param columns its columns in order, or empty if it is not a plain b-tree over columns (a replica then leaves it out)
 * @param definition what {@code pg_get_indexdef} prints
 */
public record IndexDef(String name, boolean unique, List<String> columns, String definition) {
    public IndexDef {
        columns = List.copyOf(columns);
    }
}
