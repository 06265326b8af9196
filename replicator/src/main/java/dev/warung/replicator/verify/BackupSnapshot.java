package dev.warung.replicator.verify;

import dev.warung.core.schema.Column;
import dev.warung.core.value.PgValues;
import dev.warung.core.value.ValueKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * A second connection to the backup with an open read transaction: it keeps seeing the state in which it was opened.
 *
 * <p>Thread: opened by the replicator's, then used by one thread at a time; {@code cancel} of a scan may come from any.
 */
final class BackupSnapshot implements AutoCloseable {

    private final Connection connection;

    private BackupSnapshot(Connection connection) {
        this.connection = connection;
    }

    static BackupSnapshot open(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            statement.execute("PRAGMA query_only = ON");
            statement.execute("BEGIN");
            statement.executeQuery("SELECT count(*) FROM sqlite_schema").close();
            return new BackupSnapshot(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    Connection connection() {
        return connection;
    }

    RowScan scan(ComparedTable table) {
        return new Scan(table);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private final class Scan implements RowScan {

        private final ComparedTable table;
        private volatile @Nullable Statement running;

        Scan(ComparedTable table) {
            this.table = table;
        }

        @Override
        public void each(RowVisitor visitor) throws SQLException {
            ValueKind[] kinds = table.columns().stream().map(Column::kind).toArray(ValueKind[]::new);
            boolean strict = isStrict();
            RowEncoder encoder = table.encoder();
            try (Statement statement = connection.createStatement()) {
                running = statement;
                try (ResultSet rows = statement.executeQuery(table.replicaQuery())) {
                    while (rows.next()) {
                        encode(rows, kinds, strict, encoder);
                        encoder.hashKey();
                        visitor.row(encoder);
                    }
                }
            } finally {
                running = null;
            }
        }

        /** Whether SQLite lets only text into a TEXT column; a table of ours is, one that somebody made by hand may not be. */
        private boolean isStrict() throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT strict FROM pragma_table_list WHERE schema = 'main' AND name = ?")) {
                statement.setString(1, table.replicaName());
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() && row.getBoolean(1);
                }
            }
        }

        @Override
        public void cancel() {
            Statement statement = running;
            if (statement != null) {
                try {
                    statement.cancel();
                } catch (SQLException e) {
                    throw new IllegalStateException("SQLite did not take the cancellation", e);
                }
            }
        }
    }

    private static void encode(ResultSet rows, ValueKind[] kinds, boolean strict, RowEncoder encoder)
            throws SQLException {
        encoder.begin();
        for (int i = 0; i < kinds.length; i++) {
            int column = i + 1;
            switch (kinds[i]) {
                case INTEGER -> integer(rows.getObject(column), encoder);
                case BOOLEAN -> bool(rows.getObject(column), encoder);
                case FLOAT -> floating(rows.getObject(column), encoder);
                case BYTES -> bytes(rows.getObject(column), encoder);
                case TEXT -> {
                    if (strict) {
                        text(rows, column, encoder);
                    } else {
                        looseText(rows.getObject(column), encoder);
                    }
                }
            }
        }
    }

    private static void integer(@Nullable Object value, RowEncoder encoder) {
        if (value == null) {
            encoder.nullValue();
        } else if (value instanceof Long || value instanceof Integer) {
            encoder.integer(((Number) value).longValue());
        } else {
            encoder.foreign(value);
        }
    }

    private static void bool(@Nullable Object value, RowEncoder encoder) {
        boolean isInteger = value instanceof Long || value instanceof Integer;
        if (value == null) {
            encoder.nullValue();
        } else if (isInteger && (((Number) value).longValue() & ~1L) == 0) {
            encoder.bool(((Number) value).longValue() == 1);
        } else {
            encoder.foreign(value);
        }
    }

    private static void floating(@Nullable Object value, RowEncoder encoder) {
        if (value == null) {
            encoder.nullValue();
        } else if (value instanceof Double number) {
            encoder.floating(number);
        } else if (value instanceof String text && PgValues.isFloatText(text)) {
            encoder.floating(Double.parseDouble(text));
        } else {
            encoder.foreign(value);
        }
    }

    private static void bytes(@Nullable Object value, RowEncoder encoder) {
        if (value == null) {
            encoder.nullValue();
        } else if (value instanceof byte[] data) {
            encoder.bytes(data, 0, data.length);
        } else {
            encoder.foreign(value);
        }
    }

    /** The column is TEXT in a STRICT table, so its bytes are the text's, and need not become a String. */
    private static void text(ResultSet rows, int column, RowEncoder encoder) throws SQLException {
        byte[] data = rows.getBytes(column);
        if (data == null) {
            encoder.nullValue();
        } else {
            encoder.text(data, 0, data.length);
        }
    }

    private static void looseText(@Nullable Object value, RowEncoder encoder) {
        if (value == null) {
            encoder.nullValue();
        } else if (value instanceof String text) {
            byte[] data = text.getBytes(StandardCharsets.UTF_8);
            encoder.text(data, 0, data.length);
        } else {
            encoder.foreign(value);
        }
    }
}
