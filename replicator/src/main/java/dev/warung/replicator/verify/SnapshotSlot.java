package dev.warung.replicator.verify;

import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.postgresql.PGConnection;

/**
 * A temporary replication slot that is made for its exported snapshot: the snapshot sees exactly the transactions whose commit record
 * ends at or before the slot's consistent point.
 *
 * <p>PostgreSQL makes it only when every transaction that runs at the beginning has ended, so it is made on another thread and can be
 * given up at any time. It goes with its connection, however that ends.
 *
 * <p>Thread: the verifying one; the creation runs on the executor.
 */
final class SnapshotSlot implements AutoCloseable {

    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(5);
    private static final String BLOCKING = """
            SELECT coalesce(holder.pid, 0), wanted.transactionid::text::bigint,
                   coalesce((extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, p.prepared)) * 1000)::bigint, 0),
                   coalesce(p.gid, a.application_name, ''), coalesce(a.state, CASE WHEN p.gid IS NULL THEN '' ELSE 'prepared' END),
                   coalesce(regexp_replace(left(a.query, 100), '\\s+', ' ', 'g'), '')
              FROM pg_locks wanted
              LEFT JOIN pg_locks holder ON holder.locktype = 'transactionid' AND holder.granted
                   AND holder.transactionid = wanted.transactionid
              LEFT JOIN pg_stat_activity a ON a.pid = holder.pid
              LEFT JOIN pg_prepared_xacts p ON p.transaction = wanted.transactionid
             WHERE wanted.pid = ? AND wanted.locktype = 'transactionid' AND NOT wanted.granted
            """;

    /** What PostgreSQL answered. */
    record Created(Lsn consistentPoint, String snapshot) {}

    private final Connection connection;
    private final Connection observer;
    private final int pid;
    private final Future<Created> creation;

    private SnapshotSlot(Connection connection, Connection observer, int pid, Future<Created> creation) {
        this.connection = connection;
        this.observer = observer;
        this.pid = pid;
        this.creation = creation;
    }

    /** Begins to make the slot; {@code observer} is another session, to look at it from outside. */
    static SnapshotSlot begin(SourceAccess access, Connection observer, String name, ExecutorService executor)
            throws SQLException {
        Connection connection = access.openReplication();
        int pid = connection.unwrap(PGConnection.class).getBackendPID();
        Future<Created> creation = executor.submit(() -> create(connection, name));
        return new SnapshotSlot(connection, observer, pid, creation);
    }

    /**
     * Waits a little.
     *
     * @return whether the slot has been made
     * @throws PipelineException VERIFY_IMPOSSIBLE if PostgreSQL refuses it
     */
    boolean awaitCreated(Duration patience) throws InterruptedException {
        try {
            creation.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new PipelineException(
                    ErrorCode.VERIFY_IMPOSSIBLE,
                    "PostgreSQL made no temporary replication slot: " + e.getMessage()
                            + " (the role needs REPLICATION; max_replication_slots and max_wal_senders one free place).",
                    e);
        }
    }

    /** Only after {@link #awaitCreated} said so. */
    Created created() {
        try {
            return creation.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("the slot is not there", e);
        }
    }

    /** The transactions that PostgreSQL waits for just now; while there is one, the consistent point still lies ahead. */
    List<BlockingTransaction> blocking() throws SQLException {
        List<BlockingTransaction> blocking = new ArrayList<>();
        try (PreparedStatement statement = observer.prepareStatement(BLOCKING)) {
            statement.setInt(1, pid);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    blocking.add(new BlockingTransaction(
                            rows.getInt(1),
                            rows.getLong(2),
                            rows.getLong(3),
                            rows.getString(4),
                            rows.getString(5),
                            rows.getString(6)));
                }
            }
        }
        return blocking;
    }

    /** Drops the slot, or gives up making it. */
    @Override
    public void close() throws SQLException {
        try {
            if (!creation.isDone()) {
                connection.unwrap(PGConnection.class).cancelQuery();
                creation.get(CANCEL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (TimeoutException e) {
            terminate();
        } catch (ExecutionException e) {
            // It was cancelled, as asked; or it had failed and awaitCreated() said so.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            terminate();
        } finally {
            connection.close();
        }
    }

    private void terminate() throws SQLException {
        try (PreparedStatement statement = observer.prepareStatement("SELECT pg_terminate_backend(?)")) {
            statement.setInt(1, pid);
            statement.execute();
        }
    }

    private static Created create(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "CREATE_REPLICATION_SLOT " + name + " TEMPORARY LOGICAL pgoutput (SNAPSHOT 'export')")) {
            row.next();
            return new Created(Lsn.parse(row.getString("consistent_point")), row.getString("snapshot_name"));
        }
    }
}
