package dev.warung.core.upload;

import dev.warung.core.change.TableId;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One row that an outlet wrote. A change of a key is a delete and an insert in one group.
 *
 * @param id made on the device, version 7: the ledger knows the op by it
 * @param key of the row before the write; of an insert, the new row's
 * @param before the whole row as the outlet saw it; empty for an insert
 * @param after the whole row as the outlet wants it; empty for a delete
 * @param makers for columns of the row that hold local ids: the ops that made the rows with these ids, where the outlet knows them. What an
 *     op does is the same without
 */
public record UploadOp(
        UUID id,
        TableId table,
        Kind kind,
        RowImage key,
        Optional<RowImage> before,
        Optional<RowImage> after,
        Map<String, UUID> makers) {

    /** What was done to the row. */
    public enum Kind {
        INSERT,
        UPDATE,
        DELETE
    }

    public UploadOp(
            UUID id, TableId table, Kind kind, RowImage key, Optional<RowImage> before, Optional<RowImage> after) {
        this(id, table, kind, key, before, after, Map.of());
    }

    public UploadOp {
        makers = Map.copyOf(makers);
        if (key.columns().isEmpty()) {
            throw new IllegalArgumentException("an op has a key");
        }
        if (before.isPresent() == (kind == Kind.INSERT)) {
            throw new IllegalArgumentException("an insert has no row before, any other op has one");
        }
        if (after.isPresent() == (kind == Kind.DELETE)) {
            throw new IllegalArgumentException("a delete has no row after, any other op has one");
        }
    }

    public UploadOp withMakers(Map<String, UUID> known) {
        return new UploadOp(id, table, kind, key, before, after, known);
    }

    /** The row after the write, or before it if there is none after. */
    public RowImage row() {
        return after.or(() -> before).orElseThrow();
    }
}
