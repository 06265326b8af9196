package dev.warung.outlet.replica;

import dev.warung.core.replica.TableLayout;
import dev.warung.core.upload.RowImage;
import dev.warung.outlet.write.RowValues;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Single rows of a table that the application sees: read and written at once. Used only by the outlet thread. */
final class TableRows implements AutoCloseable {

    private final String name;
    private final RowValues values;
    private final PreparedStatement find;
    private final PreparedStatement put;
    private final PreparedStatement remove;

    TableRows(Connection connection, TableLayout layout, RowValues values) {
        this.name = values.table().name();
        this.values = values;
        String delete = layout.delete(name);
        try {
            this.find = connection.prepareStatement(
                    "SELECT " + TableLayout.names(layout.columns()) + " " + delete.substring(delete.indexOf("FROM ")));
            this.put = connection.prepareStatement(layout.upsert(name));
            this.remove = connection.prepareStatement(delete);
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Table " + name);
        }
    }

    RowValues values() {
        return values;
    }

    Optional<RowImage> find(String rowKey) {
        try {
            bind(find, values.keyToSqlite(rowKey));
            try (ResultSet row = find.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                @Nullable
                Object[] found = new @Nullable Object[values.table().columns().size()];
                for (int i = 0; i < found.length; i++) {
                    found[i] = row.getObject(i + 1);
                }
                return Optional.of(values.fromSqlite(found));
            }
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Table " + name);
        }
    }

    /** Makes the row this, or takes it away. */
    void set(String rowKey, Optional<RowImage> row) {
        try {
            if (row.isPresent()) {
                bind(put, values.toSqlite(row.get()));
                put.executeUpdate();
            } else {
                bind(remove, values.keyToSqlite(rowKey));
                remove.executeUpdate();
            }
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Table " + name);
        }
    }

    @Override
    public void close() {
        try (find;
                put) {
            remove.close();
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Table " + name);
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object[] row) throws SQLException {
        for (int i = 0; i < row.length; i++) {
            statement.setObject(i + 1, row[i]);
        }
    }
}
