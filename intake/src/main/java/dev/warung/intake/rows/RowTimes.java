package dev.warung.intake.rows;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.wire.UploadCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** When rows were changed last. Thread: that of the connection. */
final class RowTimes {

    private static final String CONTENT = "pg_catalog.sha256(pg_catalog.convert_to(t::text, 'UTF8'))";

    private final Connection connection;
    private final Rows rows;

    RowTimes(Connection connection, Rows rows) {
        this.connection = connection;
        this.rows = rows;
    }

    /** What the row itself says, in microseconds since 1970. */
    Optional<Long> declared(WrittenTable table, RowImage key, String column) throws SQLException {
        return rows.text(table, key, "extract(epoch from " + TableId.quote(column) + ")")
                .map(PostgresStore::micros);
    }

    /** What intake has noted, if the row still has that content; else when it was committed, if PostgreSQL remembers. */
    Optional<Long> kept(WrittenTable table, RowImage key, boolean hasCommitTimes) throws SQLException {
        String sql = "select extract(epoch from r.effective_at) from warung.row_time r, " + table.sql() + " t where "
                + Rows.condition("t", key) + " and r.table_name = ? and r.row_key = ?::jsonb and r.content = "
                + CONTENT;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int place = Rows.bind(statement, key, 1);
            statement.setString(place, table.id().toString());
            statement.setString(place + 1, UploadCodec.json(key));
            try (ResultSet result = statement.executeQuery()) {
                if (result.next()) {
                    return Optional.of(PostgresStore.micros(result.getString(1)));
                }
            }
        }
        return hasCommitTimes
                ? rows.text(table, key, "extract(epoch from pg_catalog.pg_xact_commit_timestamp(xmin))")
                        .map(PostgresStore::micros)
                : Optional.empty();
    }

    /** Remembers when the row, as it stands, counts as written. */
    void note(WrittenTable table, RowImage key, String timestamp) throws SQLException {
        String sql = "insert into warung.row_time (table_name, row_key, content, effective_at) select ?, ?::jsonb, "
                + CONTENT
                + ", ?::timestamptz from " + table.sql() + " t where " + Rows.condition("t", key)
                + " on conflict (table_name, row_key) do update set content = excluded.content,"
                + " effective_at = excluded.effective_at";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table.id().toString());
            statement.setString(2, UploadCodec.json(key));
            statement.setString(3, timestamp);
            Rows.bind(statement, key, 4);
            statement.executeUpdate();
        }
    }

    /** The row is gone. */
    void forget(WrittenTable table, RowImage key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "delete from warung.row_time where table_name = ? and row_key = ?::jsonb")) {
            statement.setString(1, table.id().toString());
            statement.setString(2, UploadCodec.json(key));
            statement.executeUpdate();
        }
    }
}
