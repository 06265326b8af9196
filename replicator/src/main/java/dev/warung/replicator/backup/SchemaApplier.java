package dev.warung.replicator.backup;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.TableId;
import dev.warung.core.replica.ReplicaNames;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.wire.SchemaRecord;
import java.sql.Connection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the tables what a schema record says, inside the open SQLite transaction.
 *
 * <pre>
 * none    ─copying→ shadow          none ─live→ visible
 * shadow  ─live, or epoch→ visible  (the visible generation of the same table is dropped in the same step)
 * visible ─copying of a newer generation→ rebuilding ─live of it→ dropped
 * visible ─broken→ broken           any ─dropped→ none
 * </pre>
 *
 * Used only by the replicator thread.
 */
final class SchemaApplier {

    private final Connection connection;
    private final Catalog catalog;
    private final TableAlterer alterer;
    private final boolean isRelaxed;

    /** @param isRelaxed whether rows older than the newest description may still come, so that a NOT NULL may not hold yet */
    SchemaApplier(Connection connection, Catalog catalog, boolean isRelaxed) {
        this.connection = connection;
        this.catalog = catalog;
        this.alterer = new TableAlterer(connection);
        this.isRelaxed = isRelaxed;
    }

    void apply(ChangeId id, SchemaRecord schemaRecord) {
        if (schemaRecord instanceof SchemaRecord.EpochComplete complete) {
            completeEpoch(complete.epoch());
        } else if (schemaRecord instanceof SchemaRecord.Table table) {
            catalog.remember(table.schema());
            switch (table.state()) {
                case COPYING -> copying(id, table);
                case LIVE -> live(id, table);
                case BROKEN -> broken(id, table);
                case DROPPED -> catalog.byOid(table.schema().oid()).forEach(this::drop);
            }
        }
    }

    /** Declares the NOT NULLs that were left out while older rows could still come. */
    void declareNotNulls() {
        for (TableEntry entry : catalog.all()) {
            if (!entry.relaxed().isEmpty()) {
                catalog.put(alterer.alter(entry, entry.schema(), Set.of()));
                reindex(entry);
            }
        }
    }

    private void copying(ChangeId id, SchemaRecord.Table table) {
        TableSchema schema = table.schema();
        Optional<TableEntry> known = catalog.byTopic(schema.topic());
        if (known.isPresent()) {
            put(reshape(known.get(), schema), table);
            return;
        }
        for (TableEntry other : catalog.byOid(schema.oid())) {
            if (!other.isVisible()) {
                drop(other);
            } else if (other.epoch() == id.epoch()) {
                String name = nameFor(schema, other.name());
                TableEntry renamed = rename(other, name, true);
                catalog.put(renamed.withState(TableState.REBUILDING, table.sinceMs(), table.reason()));
            }
        }
        create(newEntry(id, table, TableState.COPYING, SchemaMapper.shadowName(schema), false));
    }

    private void live(ChangeId id, SchemaRecord.Table table) {
        TableSchema schema = table.schema();
        Optional<TableEntry> known = catalog.byTopic(schema.topic());
        if (known.isPresent() && known.get().isVisible()) {
            TableEntry entry = put(reshape(known.get(), schema), table);
            TableEntry renamed = rename(entry, nameFor(schema, entry.name()), true);
            catalog.put(renamed);
            reindex(renamed);
            return;
        }
        dropOthers(schema);
        if (known.isPresent()) {
            show(put(reshape(known.get(), schema), table));
        } else {
            TableEntry entry = newEntry(id, table, TableState.LIVE, nameFor(schema, ""), true);
            create(entry);
            reindex(entry);
        }
    }

    private void broken(ChangeId id, SchemaRecord.Table table) {
        TableSchema schema = table.schema();
        Optional<TableEntry> known = catalog.byTopic(schema.topic());
        if (known.isPresent()) {
            TableEntry entry = known.get();
            catalog.put(entry.withState(TableState.BROKEN, table.sinceMs(), table.reason()));
        } else {
            create(newEntry(id, table, TableState.BROKEN, SchemaMapper.shadowName(schema), false));
        }
    }

    private void completeEpoch(int epoch) {
        catalog.all().stream().filter(e -> e.epoch() < epoch).forEach(this::drop);
        catalog.all().stream()
                .filter(e -> e.epoch() == epoch && !e.isVisible() && e.state() == TableState.COPYING)
                .sorted(Comparator.comparingInt(e -> e.schema().version()))
                .forEach(e -> show(e.withState(TableState.LIVE, e.sinceMs(), "")));
    }

    private void show(TableEntry entry) {
        TableEntry shown = rename(entry, nameFor(entry.schema(), entry.name()), true);
        catalog.put(shown);
        reindex(shown);
    }

    /** Changes columns, keys and constraints of what is there. */
    private TableEntry reshape(TableEntry entry, TableSchema schema) {
        return alterer.alter(entry, schema, relaxedFor(schema, entry.relaxed()));
    }

    /**
     * Columns whose NOT NULL must wait: a row of an older description may have NULL there, or not have the column. A
     * column that was NOT NULL in every description of this generation needs no patience.
     */
    private Set<Integer> relaxedFor(TableSchema schema, Set<Integer> already) {
        if (!isRelaxed) {
            return already;
        }
        Set<Integer> relaxed = new HashSet<>(already);
        List<TableSchema> versions = catalog.versionsOf(schema.topic());
        schema.copiedColumns().stream()
                .filter(c -> versions.stream()
                        .anyMatch(v -> v.copiedColumns().stream()
                                .filter(o -> o.attnum() == c.attnum())
                                .findFirst()
                                .map(o -> !o.notNull())
                                .orElse(c.missing() == null)))
                .forEach(c -> relaxed.add(c.attnum()));
        return relaxed;
    }

    private TableEntry newEntry(
            ChangeId id, SchemaRecord.Table table, TableState state, String name, boolean isVisible) {
        return new TableEntry(
                table.schema(),
                id.epoch(),
                state,
                isVisible,
                name,
                table.sinceMs(),
                table.reason(),
                relaxedFor(table.schema(), Set.of()));
    }

    private TableEntry put(TableEntry entry, SchemaRecord.Table table) {
        TableState state = table.state() == SchemaRecord.State.LIVE ? TableState.LIVE : entry.state();
        TableEntry now = entry.withState(state, table.sinceMs(), table.reason());
        catalog.put(now);
        return now;
    }

    private void create(TableEntry entry) {
        Sqlite.execute(connection, entry.layout().createTable(entry.name()));
        catalog.put(entry);
    }

    private TableEntry rename(TableEntry entry, String name, boolean isVisible) {
        if (!entry.name().equals(name)) {
            Sqlite.execute(
                    connection, "ALTER TABLE " + TableId.quote(entry.name()) + " RENAME TO " + TableId.quote(name));
        }
        return entry.withName(name, isVisible);
    }

    private void drop(TableEntry entry) {
        Sqlite.execute(connection, "DROP TABLE " + TableId.quote(entry.name()));
        catalog.remove(entry);
    }

    /** Drops the other generations of a table, because this one is it now. */
    private void dropOthers(TableSchema schema) {
        catalog.byOid(schema.oid()).stream()
                .filter(e -> !e.schema().topic().equals(schema.topic()))
                .forEach(this::drop);
    }

    private String nameFor(TableSchema schema, String present) {
        Set<String> taken = new HashSet<>(Sqlite.texts(connection, "SELECT name FROM sqlite_master"));
        taken.remove(present);
        return SchemaMapper.tableName(schema, name -> isTaken(taken, name));
    }

    /** Creates the indexes that the description has and drops those that it has not. */
    private void reindex(TableEntry entry) {
        Map<String, String> present = new HashMap<>();
        String ofTable = " FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = '"
                + entry.name().replace("'", "''") + "' ORDER BY name";
        List<String> names = Sqlite.texts(connection, "SELECT name" + ofTable);
        List<String> statements = Sqlite.texts(connection, "SELECT sql" + ofTable);
        for (int i = 0; i < names.size(); i++) {
            present.put(names.get(i), statements.get(i));
        }
        Set<String> taken = new HashSet<>(Sqlite.texts(connection, "SELECT name FROM sqlite_master"));
        taken.removeAll(present.keySet());
        Map<String, String> wanted = SchemaMapper.indexes(
                catalog.byTopic(entry.schema().topic()).orElse(entry).schema(),
                entry.layout(),
                entry.name(),
                name -> isTaken(taken, name));
        present.forEach((name, sql) -> {
            if (!sql.equals(wanted.get(name))) {
                Sqlite.execute(connection, "DROP INDEX " + TableId.quote(name));
            }
        });
        wanted.forEach((name, sql) -> {
            if (!sql.equals(present.get(name))) {
                Sqlite.execute(connection, sql);
            }
        });
    }

    private static boolean isTaken(Set<String> taken, String name) {
        String folded = ReplicaNames.fold(name);
        return taken.stream().anyMatch(t -> ReplicaNames.fold(t).equals(folded));
    }
}
