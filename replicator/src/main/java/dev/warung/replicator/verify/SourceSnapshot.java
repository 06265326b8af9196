package dev.warung.replicator.verify;

import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.replicator.verify.SourceCatalog.SourceColumn;
import dev.warung.replicator.verify.SourceCatalog.SourceTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A transaction of PostgreSQL that keeps the exported snapshot alive and reads the catalogue in it. It locks no table: each table is
 * read in a shorter transaction of its own ({@link SourceReader}), so that nobody's DDL waits for a whole verification.
 *
 * <p>Thread: the verifying one.
 */
final class SourceSnapshot implements AutoCloseable {

    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(30);
    private static final long SETTLE_PAUSE_NANOS = 5_000_000;
    private static final String UNSETTLED = "SELECT count(*) FROM pg_snapshot_xip(pg_current_snapshot()) AS xid"
            + " WHERE pg_visible_in_snapshot(xid, ?::pg_snapshot)";
    private static final String TABLES = """
            SELECT c.oid, n.nspname, c.relname, c.relkind = 'p',
                   EXISTS (SELECT FROM pg_publication p
                            WHERE p.pubname = ? AND (p.puballtables
                               OR EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = c.oid))),
                   greatest(0, CASE WHEN c.relkind = 'p'
                        THEN (SELECT coalesce(sum(greatest(0, leaf.reltuples)), 0) FROM pg_partition_tree(c.oid) t
                                JOIN pg_class leaf ON leaf.oid = t.relid WHERE t.isleaf)
                        ELSE c.reltuples END)::bigint
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
               AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
             ORDER BY n.nspname, c.relname
            """;
    private static final String COLUMNS = """
            SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attgenerated::text
              FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
             WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum
            """;

    private static final String READABLE = "SELECT coalesce(has_schema_privilege(to_regnamespace('warung'), 'USAGE')"
            + " AND has_table_privilege(to_regclass('warung.settings'), 'SELECT'), false)";

    private final Connection connection;

    private SourceSnapshot(Connection connection) {
        this.connection = connection;
    }

    /**
     * Takes over the snapshot.
     *
     * <p>The snapshot comes from the WAL, and a transaction is in the WAL a moment before the server marks it as committed. Who reads
     * its rows in that moment sees them as aborted. So this waits until every transaction that the snapshot regards as ended has ended.
     */
    static SourceSnapshot adopt(SourceAccess access, String snapshot, Connection observer) throws SQLException {
        Connection connection = access.open();
        try {
            begin(connection, snapshot);
            String text = text(connection, "SELECT pg_current_snapshot()::text");
            long deadline = System.nanoTime() + SETTLE_LIMIT.toNanos();
            try (PreparedStatement unsettled = observer.prepareStatement(UNSETTLED)) {
                unsettled.setString(1, text);
                while (count(unsettled) > 0) {
                    if (System.nanoTime() > deadline) {
                        throw new PipelineException(
                                ErrorCode.VERIFY_IMPOSSIBLE, "a transaction that has committed does not end.");
                    }
                    LockSupport.parkNanos(SETTLE_PAUSE_NANOS);
                }
            }
            return new SourceSnapshot(connection);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Begins a transaction in an exported snapshot. */
    static void begin(Connection connection, String snapshot) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
            statement.execute("SET TRANSACTION SNAPSHOT '" + snapshot + "'");
        }
    }

    /** A name under which other sessions take this snapshot, as long as this one is open. */
    String export() throws SQLException {
        return text(connection, "SELECT pg_export_snapshot()");
    }

    /**
     * The name of capture's publication, which stands in the control schema.
     *
     * @param fallback for a database without one, or a role that may not read it
     * @throws PipelineException VERIFY_IMPOSSIBLE if there is no such publication
     */
    static String publication(Connection observer, String fallback) throws SQLException {
        String name = fallback;
        if (text(observer, READABLE).equals("t")) {
            name = text(
                    observer,
                    "SELECT coalesce((SELECT publication::text FROM warung.settings), " + literal(name) + ")");
        }
        if (text(observer, "SELECT count(*) FROM pg_publication WHERE pubname = " + literal(name))
                .equals("0")) {
            throw new PipelineException(
                    ErrorCode.VERIFY_IMPOSSIBLE,
                    "PostgreSQL has no publication '" + name + "': is this the captured database?");
        }
        return name;
    }

    SourceCatalog catalog(String publication) throws SQLException {
        Map<Long, List<SourceColumn>> columns = columns();
        List<SourceTable> tables = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(TABLES)) {
            statement.setString(1, publication);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    long oid = row.getLong(1);
                    tables.add(new SourceTable(
                            new TableId(row.getString(2), row.getString(3)),
                            oid,
                            row.getBoolean(4),
                            row.getBoolean(5),
                            row.getLong(6),
                            columns.getOrDefault(oid, List.of())));
                }
            }
        }
        return new SourceCatalog(tables);
    }

    /** Where the WAL ends now. */
    static Lsn walEnd(Connection observer) throws SQLException {
        return Lsn.parse(text(observer, "SELECT pg_current_wal_insert_lsn()::text"));
    }

    static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private Map<Long, List<SourceColumn>> columns() throws SQLException {
        Map<Long, List<SourceColumn>> columns = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(COLUMNS)) {
            while (row.next()) {
                columns.computeIfAbsent(row.getLong(1), k -> new ArrayList<>())
                        .add(new SourceColumn(row.getInt(2), row.getString(3), row.getString(4), row.getString(5)));
            }
        }
        return columns;
    }

    private static long count(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
