package dev.warung.outlet.replica;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.TableId;
import dev.warung.core.replica.TableLayout;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/** The rows of a table that one feed holds alone: nothing has to be kept beside them. Used only by the outlet thread. */
final class OwnedRows implements RowWriter {

    private static final int BATCH_ROWS = 1_000;

    private final Connection connection;
    private final String table;
    private final Batch upsert;
    private final Batch delete;
    private boolean isDeleting;

    OwnedRows(Connection connection, String table, TableLayout layout) {
        this.connection = connection;
        this.table = table;
        this.upsert = new Batch(connection, "Table " + table, layout.upsert(table));
        this.delete = new Batch(connection, "Table " + table, layout.delete(table));
    }

    @Override
    public void hold(@Nullable Object[] values, ChangeId id) {
        add(false, upsert.bind(values));
    }

    @Override
    public void leave(Object[] key, ChangeId id) {
        add(true, delete.bind(key));
    }

    @Override
    public void leaveAll() {
        flush();
        Sqlite.execute(connection, "DELETE FROM " + TableId.quote(table));
    }

    @Override
    public void flush() {
        (isDeleting ? delete : upsert).execute();
    }

    @Override
    public void close() {
        try (upsert;
                delete) {
            flush();
        }
    }

    /** Inserts and deletes of one key must not overtake each other: only one kind waits at a time. */
    private void add(boolean deleting, Batch batch) {
        if (deleting != isDeleting) {
            flush();
            isDeleting = deleting;
        }
        if (batch.add() >= BATCH_ROWS) {
            batch.execute();
        }
    }
}
