package dev.warung.replicator.backup;

import dev.warung.core.change.TableId;
import dev.warung.core.replica.TableLayout;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.value.PgValues;
import dev.warung.replicator.log.LogRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of one table in its present shape, in batches. Rows of an older version are brought forward by column number.
 *
 * <p>Guarantees: rows of the table take effect in the order in which they were given. Used only by the replicator thread.
 */
final class TableWriter implements AutoCloseable {

    private static final int BATCH_ROWS = 1_000;

    private final Connection connection;
    private final TableEntry entry;
    private final List<Column> columns;
    private final Map<Integer, Forward> forwards = new HashMap<>();
    private final PreparedStatement upsert;
    private final PreparedStatement delete;
    private @Nullable PreparedStatement pending;
    private int pendingRows;
    private @Nullable LogRecord firstPending;
    private @Nullable LogRecord lastPending;
    private long missedDeletes;

    TableWriter(Connection connection, TableEntry entry) {
        this.connection = connection;
        this.entry = entry;
        this.columns = entry.schema().copiedColumns();
        TableLayout layout = entry.layout();
        try {
            this.upsert = connection.prepareStatement(layout.upsert(entry.name()));
            this.delete = connection.prepareStatement(layout.delete(entry.name()));
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Table " + entry.name());
        }
    }

    /** For each of our columns the position in a row of the older version, or -1 and then the value that it is missing. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never a map key
    private record Forward(int[] sources, @Nullable Object[] missing, Column[] origins) {}

    void upsert(LogRecord record, TableSchema written, @Nullable Object[] row) {
        @Nullable Object[] values = forward(written, row);
        try {
            for (int i = 0; i < values.length; i++) {
                bind(upsert, i + 1, values[i]);
            }
            add(upsert, record);
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Table " + entry.schema().id() + ", record " + record.place());
        }
    }

    void delete(LogRecord record, Object[] keyValues) {
        try {
            for (int i = 0; i < keyValues.length; i++) {
                bind(delete, i + 1, keyValues[i]);
            }
            add(delete, record);
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Table " + entry.schema().id() + ", record " + record.place());
        }
    }

    void truncate() {
        flush();
        Sqlite.execute(connection, "DELETE FROM " + TableId.quote(entry.name()));
    }

    void flush() {
        PreparedStatement statement = pending;
        if (statement == null) {
            return;
        }
        pending = null;
        pendingRows = 0;
        try {
            int[] counts = statement.executeBatch();
            if (statement == delete) {
                for (int count : counts) {
                    missedDeletes += count == 0 ? 1 : 0;
                }
            }
        } catch (SQLException e) {
            throw Sqlite.failure(
                    e,
                    "Table " + entry.schema().id() + ", a record from " + place(firstPending) + " to "
                            + place(lastPending));
        }
    }

    /** Deletes that found no row since the last call: none happen in a table that is identical. */
    long takeMissedDeletes() {
        long missed = missedDeletes;
        missedDeletes = 0;
        return missed;
    }

    @Override
    public void close() {
        try (upsert;
                delete) {
            flush();
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Table " + entry.name());
        }
    }

    private void add(PreparedStatement statement, LogRecord record) throws SQLException {
        if (pending != statement) {
            flush();
            pending = statement;
            firstPending = record;
        }
        statement.addBatch();
        lastPending = record;
        if (++pendingRows >= BATCH_ROWS) {
            flush();
        }
    }

    private static String place(@Nullable LogRecord record) {
        return record == null ? "?" : record.place();
    }

    private @Nullable Object[] forward(TableSchema written, @Nullable Object[] row) {
        if (written.version() == entry.schema().version()) {
            return row;
        }
        Forward forward = forwards.computeIfAbsent(written.version(), v -> compare(written));
        @Nullable Object[] values = new @Nullable Object[columns.size()];
        for (int i = 0; i < values.length; i++) {
            int source = forward.sources[i];
            values[i] = source < 0 ? forward.missing[i] : convert(forward.origins[i], columns.get(i), row[source]);
        }
        return values;
    }

    private Forward compare(TableSchema written) {
        List<Column> old = written.copiedColumns();
        int[] sources = new int[columns.size()];
        @Nullable Object[] missing = new @Nullable Object[columns.size()];
        Column[] origins = new Column[columns.size()];
        for (int i = 0; i < sources.length; i++) {
            Column column = columns.get(i);
            sources[i] = -1;
            origins[i] = column;
            for (int j = 0; j < old.size(); j++) {
                if (old.get(j).attnum() == column.attnum()) {
                    sources[i] = j;
                    origins[i] = old.get(j);
                }
            }
            String text = column.missing();
            missing[i] = text == null ? null : PgValues.toSqlite(column.kind(), text);
        }
        return new Forward(sources, missing, origins);
    }

    private static @Nullable Object convert(Column from, Column to, @Nullable Object value) {
        if (value == null || from.kind() == to.kind()) {
            return value;
        }
        return PgValues.toSqlite(to.kind(), PgValues.fromSqlite(from.kind(), value));
    }

    private static void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        if (value instanceof Long number) {
            statement.setLong(index, number);
        } else if (value instanceof String text) {
            statement.setString(index, text);
        } else if (value instanceof Double number) {
            statement.setDouble(index, number);
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(index, bytes);
        } else {
            statement.setObject(index, value);
        }
    }
}
