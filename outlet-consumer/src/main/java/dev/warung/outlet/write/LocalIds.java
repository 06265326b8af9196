package dev.warung.outlet.write;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.upload.WritableTable.Reference;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Which columns hold ids that the server gives out: those of assigned keys, and those that refer to them.
 *
 * <p>Thread: any; immutable.
 */
public final class LocalIds {

    /** The table whose ids a column holds, by column, by table. */
    private final Map<TableId, Map<String, TableId>> columns = new HashMap<>();

    public LocalIds(Collection<WritableTable> writable) {
        Map<TableId, String> assigned = new HashMap<>();
        writable.forEach(table -> table.assigned().ifPresent(column -> assigned.put(table.table(), column)));
        for (WritableTable table : writable) {
            Map<String, TableId> own = new HashMap<>();
            for (Reference reference : table.references()) {
                for (int i = 0; i < reference.columns().size(); i++) {
                    if (reference.key().get(i).equals(assigned.get(reference.table()))) {
                        own.put(reference.columns().get(i), reference.table());
                    }
                }
            }
            table.assigned().ifPresent(column -> own.put(column, table.table()));
            columns.put(table.table(), Map.copyOf(own));
        }
    }

    /** Columns of a table and the tables whose ids they hold. */
    public Map<String, TableId> of(TableId table) {
        return columns.getOrDefault(table, Map.of());
    }
}
