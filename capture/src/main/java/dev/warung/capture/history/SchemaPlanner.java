package dev.warung.capture.history;

import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.wire.SchemaRecord;
import dev.warung.core.wire.SchemaRecord.State;
import dev.warung.core.wire.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides what a change of the catalogue means for the log: a new version of a generation, a new generation, the end of one, or nothing.
 *
 * <p>A generation lasts as long as its rows do: it ends when stored rows change without row events, when rows get other keys, or when
 * a column's values are carried in another way. A rename keeps it.
 *
 * <p>Thread: the one that publishes.
 */
public final class SchemaPlanner {

    private static final String REWRITTEN = "its rows were rewritten without row events";
    private static final String UNLOGGED = "it had rows before it was captured";
    private static final String REKEYED = "its key changed";
    private static final String RECODED = "the type of a column changed";
    private static final String REPAIRED = "its stream could not be followed";

    private final CatalogHistory history;
    private final Topics topics;

    public SchemaPlanner(CatalogHistory history, Topics topics) {
        this.history = history;
        this.topics = topics;
    }

    /** The records for a DDL command, in order; each is to be applied to the history when it is published. */
    public List<SchemaRecord.Table> plan(CatalogueChange change, long nowMs) {
        List<SchemaRecord.Table> records = new ArrayList<>();
        for (long oid : change.dropped()) {
            history.find(oid).ifPresent(entry -> records.add(with(entry.schema(), State.DROPPED, "", nowMs)));
        }
        for (TableShape shape : change.tables()) {
            plan(shape, change, nowMs).ifPresent(records::add);
        }
        return records;
    }

    /** The first generation of each table that can be captured, in state copying, for a new epoch. */
    public Map<Long, SchemaRecord.Table> beginEpoch(List<TableShape> shapes, long nowMs) {
        history.beginEpoch();
        Map<Long, SchemaRecord.Table> records = new HashMap<>();
        for (TableShape shape : shapes) {
            if (shape.refusal().isPresent()) {
                history.refuse(shape.id(), shape.refusal().get());
            } else {
                records.put(shape.oid(), generation(shape, State.COPYING, "initial copy", nowMs));
            }
        }
        return records;
    }

    /** The record that freezes a table whose stream cannot be followed. */
    public SchemaRecord.Table breakTable(CatalogHistory.Entry entry, String reason, long nowMs) {
        return with(entry.schema(), State.BROKEN, reason, nowMs);
    }

    /** The record that makes a copied generation visible. */
    public SchemaRecord.Table turnLive(CatalogHistory.Entry entry, long nowMs) {
        return with(entry.schema(), State.LIVE, "", nowMs);
    }

    private Optional<SchemaRecord.Table> plan(TableShape shape, CatalogueChange change, long nowMs) {
        Optional<CatalogHistory.Entry> known = history.find(shape.oid());
        if (shape.refusal().isPresent()) {
            String refusal = shape.refusal().get();
            history.refuse(shape.id(), refusal);
            return known.filter(entry ->
                            entry.state() != State.BROKEN || !entry.reason().equals(refusal))
                    .map(entry -> breakTable(entry, refusal, nowMs));
        }
        if (known.isEmpty()) {
            return Optional.of(
                    change.unlogged().contains(shape.oid())
                            ? generation(shape, State.COPYING, UNLOGGED, nowMs)
                            : generation(shape, State.LIVE, "", nowMs));
        }
        CatalogHistory.Entry entry = known.get();
        Optional<String> ends = endOfGeneration(entry, shape, change);
        if (ends.isPresent()) {
            return Optional.of(generation(shape, State.COPYING, ends.get(), nowMs));
        }
        return isSame(entry.schema(), shape) ? Optional.empty() : Optional.of(version(entry, shape));
    }

    private static Optional<String> endOfGeneration(
            CatalogHistory.Entry entry, TableShape shape, CatalogueChange change) {
        if (change.rewritten().contains(shape.oid())) {
            return Optional.of(REWRITTEN);
        }
        if (change.unlogged().contains(shape.oid())) {
            return Optional.of(UNLOGGED);
        }
        if (entry.state() == State.BROKEN) {
            return Optional.of(REPAIRED);
        }
        if (!keyNumbers(entry.schema().columns(), entry.schema().key())
                .equals(keyNumbers(shape.columns(), shape.key()))) {
            return Optional.of(REKEYED);
        }
        return isRecoded(entry.schema(), shape) ? Optional.of(RECODED) : Optional.empty();
    }

    /** Renaming a key column renames a field of the record's key, so it counts as another key. */
    private static List<String> keyNumbers(List<Column> columns, List<String> key) {
        return key.stream()
                .map(name -> columns.stream()
                        .filter(column -> column.name().equals(name))
                        .map(column -> column.attnum() + ":" + name)
                        .findFirst()
                        .orElse(name))
                .toList();
    }

    private static boolean isRecoded(TableSchema schema, TableShape shape) {
        for (Column column : shape.columns()) {
            for (Column before : schema.columns()) {
                if (before.attnum() == column.attnum()
                        && (before.kind() != column.kind() || before.isCopied() != column.isCopied())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isSame(TableSchema schema, TableShape shape) {
        return schema.id().equals(shape.id())
                && schema.columns().equals(shape.columns())
                && schema.key().equals(shape.key())
                && schema.indexes().equals(shape.indexes())
                && schema.collation() == shape.collation();
    }

    private SchemaRecord.Table version(CatalogHistory.Entry entry, TableShape shape) {
        TableSchema schema = new TableSchema(
                shape.id(),
                shape.oid(),
                entry.schema().generation(),
                history.nextVersion(),
                entry.schema().topic(),
                shape.columns(),
                shape.key(),
                shape.indexes(),
                shape.collation());
        return new SchemaRecord.Table(schema, entry.state(), entry.reason(), entry.sinceMs());
    }

    private SchemaRecord.Table generation(TableShape shape, State state, String reason, long nowMs) {
        int generation = history.nextGeneration(shape.id(), shape.oid());
        TableSchema schema = new TableSchema(
                shape.id(),
                shape.oid(),
                generation,
                history.nextVersion(),
                topics.table(shape.id(), generation),
                shape.columns(),
                shape.key(),
                shape.indexes(),
                shape.collation());
        return new SchemaRecord.Table(schema, state, reason, nowMs);
    }

    private SchemaRecord.Table with(TableSchema schema, State state, String reason, long nowMs) {
        TableSchema next = new TableSchema(
                schema.id(),
                schema.oid(),
                schema.generation(),
                history.nextVersion(),
                schema.topic(),
                schema.columns(),
                schema.key(),
                schema.indexes(),
                schema.collation());
        return new SchemaRecord.Table(next, state, reason, nowMs);
    }
}
