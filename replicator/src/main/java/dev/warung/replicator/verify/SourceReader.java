package dev.warung.replicator.verify;

import dev.warung.core.schema.Column;
import dev.warung.replicator.verify.SourceCatalog.SourceTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * A session of PostgreSQL that reads one table after the other in the snapshot, each in a transaction of its own.
 *
 * <p>A snapshot does not protect from TRUNCATE, from a rewrite or from a change of columns that comes after it: the table would look
 * empty or be gone. So the table is locked against those, and then compared with what the snapshot knew of it.
 *
 * <p>Thread: the verifying one opens and closes tables, another may scan.
 */
final class SourceReader implements AutoCloseable {

    private static final String LOCK_TIMEOUT = "10s";
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String FINGERPRINT = """
            WITH RECURSIVE tree(oid) AS (
              SELECT ?::oid UNION ALL SELECT i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid)
            SELECT string_agg(part, ';' ORDER BY part) FROM (
              SELECT concat_ws(':', c.oid, c.relnamespace, c.relname, c.relfilenode) FROM pg_class c JOIN tree USING (oid)
              UNION ALL
              SELECT concat_ws(':', a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attisdropped)
                FROM pg_attribute a JOIN tree ON a.attrelid = tree.oid WHERE a.attnum > 0) parts(part)
            """;

    private final Connection connection;
    private final Connection observer;
    private final String snapshot;

    /** @param snapshot a name from {@link SourceSnapshot#export} */
    SourceReader(SourceAccess access, Connection observer, String snapshot) {
        this.connection = access.open();
        this.observer = observer;
        this.snapshot = snapshot;
    }

    /**
     * Locks the table against DDL.
     *
     * @return why it cannot be read in this snapshot, or nothing if it can
     */
    Optional<String> open(SourceTable table) throws SQLException {
        SourceSnapshot.begin(connection, snapshot);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '" + LOCK_TIMEOUT + "'");
            statement.execute("LOCK TABLE " + table.from() + " IN ACCESS SHARE MODE");
        } catch (SQLException e) {
            connection.rollback();
            return Optional.of(whyNot(e));
        }
        if (!Objects.equals(fingerprint(connection, table.oid()), fingerprint(observer, table.oid()))) {
            connection.rollback();
            return Optional.of("it was truncated, rewritten or altered during the comparison");
        }
        return Optional.empty();
    }

    /** Reads the table that is open. */
    RowScan scan(ComparedTable table) {
        CopyText text = new CopyText(table.columns().stream().map(Column::kind).toList());
        return new RowScan() {
            @Override
            public void each(RowVisitor visitor) throws SQLException {
                copy(table.copyStatement(), text, table.encoder(), visitor);
            }

            @Override
            public void cancel() {
                cancelQuery();
            }
        };
    }

    /** Ends the transaction of the table, and with it the lock. */
    void closeTable() throws SQLException {
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private void copy(String sql, CopyText text, RowEncoder encoder, RowScan.RowVisitor visitor) throws SQLException {
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
        try {
            byte[] line = copy.readFromCopy();
            while (line != null) {
                text.read(line, encoder);
                encoder.hashKey();
                visitor.row(encoder);
                line = copy.readFromCopy();
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private void cancelQuery() {
        try {
            connection.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL did not take the cancellation", e);
        }
    }

    private static String whyNot(SQLException e) {
        return switch (String.valueOf(e.getSQLState())) {
            case LOCK_NOT_AVAILABLE -> "it was locked for more than " + LOCK_TIMEOUT;
            case INSUFFICIENT_PRIVILEGE -> "the role may not read it: " + e.getMessage();
            default -> "it was dropped or renamed during the comparison";
        };
    }

    private static String fingerprint(Connection connection, long oid) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FINGERPRINT)) {
            statement.setLong(1, oid);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return String.valueOf(row.getString(1));
            }
        }
    }
}
