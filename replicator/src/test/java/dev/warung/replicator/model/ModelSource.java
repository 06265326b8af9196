package dev.warung.replicator.model;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.TableId;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.IndexDef;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.ValueKind;
import dev.warung.core.wire.RowOp;
import dev.warung.core.wire.SchemaRecord;
import dev.warung.testkit.log.TestLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A source database in memory: each change goes to the model and to the log. Thread: one. */
public final class ModelSource {

    private final TestLog log;
    private final Map<Long, ModelTable> tables = new LinkedHashMap<>();
    private long nextOid = 100;
    private int nextVersion;
    private int nextGeneration;

    public ModelSource(TestLog log) {
        this.log = log;
    }

    /** The same source, which writes to another log from now on. */
    public ModelSource(TestLog log, ModelSource other) {
        this.log = log;
        this.tables.putAll(other.tables);
        this.nextOid = other.nextOid;
        this.nextVersion = other.nextVersion;
        this.nextGeneration = other.nextGeneration;
    }

    public List<Long> oids() {
        return List.copyOf(tables.keySet());
    }

    public TableSchema schema(long oid) {
        return table(oid).schema;
    }

    public List<@Nullable String[]> rows(long oid) {
        return List.copyOf(table(oid).rows.values());
    }

    /** A table with an integer key and columns of every kind. @return its oid */
    public long create(String name, SchemaRecord.State state) {
        long oid = nextOid++;
        int generation = ++nextGeneration;
        TableId id = new TableId("public", name);
        TableSchema schema = new TableSchema(
                id,
                oid,
                generation,
                ++nextVersion,
                log.topics().table(id, generation),
                List.of(
                        new Column(
                                1,
                                "id",
                                "bigint",
                                ValueKind.INTEGER,
                                true,
                                Generated.NO,
                                null,
                                TypeMeaning.of("bigint")),
                        new Column(2, "name", "text", ValueKind.TEXT, true, Generated.NO, null, TypeMeaning.of("text")),
                        new Column(
                                3,
                                "amount",
                                "double precision",
                                ValueKind.FLOAT,
                                false,
                                Generated.NO,
                                null,
                                TypeMeaning.of("double precision")),
                        new Column(
                                4,
                                "flag",
                                "boolean",
                                ValueKind.BOOLEAN,
                                false,
                                Generated.NO,
                                null,
                                TypeMeaning.of("boolean")),
                        new Column(
                                5,
                                "content",
                                "bytea",
                                ValueKind.BYTES,
                                false,
                                Generated.NO,
                                null,
                                TypeMeaning.of("bytea"))),
                List.of("id"),
                List.of(new IndexDef(name + "_name", false, List.of("name"), "")),
                Collation.LOCALE);
        tables.put(oid, new ModelTable(schema));
        announce(schema, state);
        return oid;
    }

    public void announce(TableSchema schema, SchemaRecord.State state) {
        log.schema(new SchemaRecord.Table(schema, state, "", 0));
    }

    public void completeEpoch() {
        log.schema(new SchemaRecord.EpochComplete(log.epoch()));
    }

    public void write(long oid, RowOp op, @Nullable String[] row) {
        ModelTable table = table(oid);
        table.rows.put(table.keyOf(row), row);
        log.row(table.schema, op, null, row);
    }

    public void update(long oid, @Nullable String[] before, @Nullable String[] after) {
        ModelTable table = table(oid);
        table.rows.remove(table.keyOf(before));
        table.rows.put(table.keyOf(after), after);
        log.row(table.schema, RowOp.UPDATE, before, after);
    }

    public void delete(long oid, @Nullable String[] row) {
        ModelTable table = table(oid);
        table.rows.remove(table.keyOf(row));
        log.row(table.schema, RowOp.DELETE, row, null);
    }

    public void truncate(long oid) {
        table(oid).rows.clear();
        log.row(table(oid).schema, RowOp.TRUNCATE, null, null);
    }

    public void drop(long oid) {
        announce(table(oid).schema, SchemaRecord.State.DROPPED);
        tables.remove(oid);
    }

    public void rename(long oid, String name) {
        TableSchema old = schema(oid);
        alter(oid, new TableId("public", name), old.columns(), old.indexes());
    }

    public void alterColumns(long oid, UnaryOperator<List<Column>> change) {
        TableSchema old = schema(oid);
        List<Column> columns = change.apply(new ArrayList<>(old.columns()));
        List<String> names = columns.stream().map(Column::name).toList();
        List<IndexDef> indexes = old.indexes().stream()
                .filter(i -> names.containsAll(i.columns()))
                .toList();
        alter(oid, old.id(), columns, indexes);
    }

    public void index(long oid, IndexDef index) {
        TableSchema old = schema(oid);
        List<IndexDef> indexes = new ArrayList<>(old.indexes());
        indexes.add(index);
        alter(oid, old.id(), old.columns(), indexes);
    }

    /** A rewrite: a new generation is copied and takes over; its second column changes without an event. */
    public void rewrite(long oid) {
        ModelTable table = table(oid);
        TableSchema old = table.schema;
        int generation = ++nextGeneration;
        TableSchema next = new TableSchema(
                old.id(),
                oid,
                generation,
                ++nextVersion,
                log.topics().table(old.id(), generation),
                old.columns(),
                old.key(),
                old.indexes(),
                Collation.LOCALE);
        announce(next, SchemaRecord.State.COPYING);
        table.schema = next;
        for (@Nullable String[] row : rows(oid)) {
            if (row.length > 1 && row[1] != null && next.copiedColumns().get(1).kind() == ValueKind.TEXT) {
                row[1] = row[1] + "'";
            }
            log.row(next, RowOp.READ, null, row);
        }
        announce(next, SchemaRecord.State.LIVE);
    }

    /** A new epoch: everything is copied anew. The epoch is complete when this returns; the Kafka transaction is not. */
    public void resync(Runnable betweenRows) {
        log.startEpoch();
        Map<Long, ModelTable> old = new LinkedHashMap<>(tables);
        old.forEach((oid, table) -> {
            TableSchema schema = table.schema;
            int generation = ++nextGeneration;
            TableSchema next = new TableSchema(
                    schema.id(),
                    oid,
                    generation,
                    ++nextVersion,
                    log.topics().table(schema.id(), generation),
                    schema.columns(),
                    schema.key(),
                    schema.indexes(),
                    Collation.LOCALE);
            table.schema = next;
            announce(next, SchemaRecord.State.COPYING);
            for (@Nullable String[] row : table.rows.values()) {
                log.row(next, RowOp.READ, null, row);
                betweenRows.run();
            }
        });
        completeEpoch();
    }

    public ChangeId endTransaction() {
        return log.endTransaction();
    }

    /** What a backup at this position must show. */
    public Map<String, List<String>> dump() {
        Map<String, List<String>> dump = new TreeMap<>();
        tables.values()
                .forEach(t -> dump.put(
                        t.schema.id().replicaName()
                                + t.schema.copiedColumns().stream()
                                        .map(Column::name)
                                        .toList(),
                        t.dump()));
        return dump;
    }

    private void alter(long oid, TableId id, List<Column> columns, List<IndexDef> indexes) {
        ModelTable table = table(oid);
        TableSchema old = table.schema;
        List<String> key = old.key().stream()
                .map(k -> old.column(k).orElseThrow().attnum())
                .map(attnum -> columns.stream()
                        .filter(c -> c.attnum() == attnum)
                        .findFirst()
                        .orElseThrow()
                        .name())
                .toList();
        table.reshape(new TableSchema(
                id, oid, old.generation(), ++nextVersion, old.topic(), columns, key, indexes, Collation.LOCALE));
        announce(table.schema, SchemaRecord.State.LIVE);
    }

    private ModelTable table(long oid) {
        ModelTable table = tables.get(oid);
        if (table == null) {
            throw new IllegalArgumentException("no table " + oid);
        }
        return table;
    }
}
