package dev.warung.capture.history;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.IndexDef;
import java.util.List;
import java.util.Optional;

/**
 * A table as PostgreSQL's catalogue describes it at one moment, before it has a generation, a version and a topic.
 *
 * @param columns all columns in attnum order
 * @param key names of the key columns in key order; empty only if the table is refused
 * @param refusal why the table cannot be captured (no key, a type, a name); empty if it can
 * @param collation the database's
 */
public record TableShape(
        TableId id,
        long oid,
        List<Column> columns,
        List<String> key,
        List<IndexDef> indexes,
        Optional<String> refusal,
        Collation collation) {

    /** A table of a database whose order of texts is not known. */
    public TableShape(
            TableId id,
            long oid,
            List<Column> columns,
            List<String> key,
            List<IndexDef> indexes,
            Optional<String> refusal) {
        this(id, oid, columns, key, indexes, refusal, Collation.LOCALE);
    }

    public TableShape {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        indexes = List.copyOf(indexes);
        if (key.isEmpty() && refusal.isEmpty()) {
            throw new IllegalArgumentException("table " + id + " has neither a key nor a refusal");
        }
    }
}
