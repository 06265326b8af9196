package dev.warung.replicator.backup;

import dev.warung.core.replica.TableLayout;
import dev.warung.core.schema.TableSchema;
import java.util.Set;

/**
 * One generation of a table in this replica.
 *
 * @param epoch the epoch that it came with
 * @param isVisible whether it stands under its name; if not, it is a shadow
 * @param name what SQLite calls it
 * @param sinceMs when its state began, milliseconds since 1970
 * @param relaxed attnums of columns whose NOT NULL is not declared yet, because older rows may still pass by
 */
record TableEntry(
        TableSchema schema,
        int epoch,
        TableState state,
        boolean isVisible,
        String name,
        long sinceMs,
        String reason,
        Set<Integer> relaxed) {

    TableEntry {
        relaxed = Set.copyOf(relaxed);
    }

    TableLayout layout() {
        return SchemaMapper.layout(schema, relaxed);
    }

    TableEntry withState(TableState newState, long since, String why) {
        return new TableEntry(schema, epoch, newState, isVisible, name, since, why, relaxed);
    }

    TableEntry withSchema(TableSchema newSchema, Set<Integer> nowRelaxed) {
        return new TableEntry(newSchema, epoch, state, isVisible, name, sinceMs, reason, nowRelaxed);
    }

    TableEntry withName(String newName, boolean visible) {
        return new TableEntry(schema, epoch, state, visible, newName, sinceMs, reason, relaxed);
    }
}
