package dev.warung.capture.source;

import dev.warung.capture.copy.CopySink;
import dev.warung.capture.copy.InitialCopy;
import dev.warung.capture.history.TableShape;
import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.schema.TableSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The initial copy by parallel COPY under the exported snapshot of a new slot.
 *
 * <p>Guarantees: the tables stay locked against DDL (ACCESS SHARE, as pg_dump does) until it is closed, because a rewritten table looks
 * empty to an older snapshot. The descriptions are those of the snapshot: if DDL came in between, the slot is made anew.
 */
public final class SnapshotCopy implements InitialCopy {

    private static final int TRIES = 5;

    private final SourceConnections connections;
    private final SnapshotCopyOptions options;
    private final CopyProgress progress = new CopyProgress();
    private final Connection replication;
    private final ReplicationSlot.Created slot;
    private final Connection guard;
    private final List<SourceTable> tables;

    private SnapshotCopy(
            SourceConnections connections,
            SnapshotCopyOptions options,
            Connection replication,
            ReplicationSlot.Created slot,
            Connection guard,
            List<SourceTable> tables) {
        this.connections = connections;
        this.options = options;
        this.replication = replication;
        this.slot = slot;
        this.guard = guard;
        this.tables = tables;
    }

    /**
     * Makes the slot, in place of one that has its name, and locks and describes the tables.
     *
     * @throws PipelineException if PostgreSQL refuses, or tables change all the time
     */
    public static SnapshotCopy begin(SourceConnections connections, SnapshotCopyOptions options) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Optional<SnapshotCopy> copy = attempt(connections, options);
            if (copy.isPresent()) {
                return copy.get();
            }
        }
        throw new PipelineException(
                ErrorCode.UNEXPECTED, "the tables' schemas change faster than the initial copy can begin.");
    }

    private static Optional<SnapshotCopy> attempt(SourceConnections connections, SnapshotCopyOptions options) {
        ReplicationSlot name = new ReplicationSlot(options.slot());
        Connection replication = connections.openReplication();
        Connection guard = null;
        try (Connection now = connections.open()) {
            name.drop(now);
            int version = now.getMetaData().getDatabaseMajorVersion();
            ReplicationSlot.Created slot = name.create(replication, version, options.failover());
            guard = SnapshotSession.open(connections, slot.snapshot());
            CapturedTables captured = new CapturedTables(options.tables(), options.publication());
            List<SourceTable> tables = captured.read(guard);
            lock(guard, tables);
            if (!shapes(tables).equals(shapes(captured.read(now)))) {
                guard.close();
                replication.close();
                return Optional.empty();
            }
            return Optional.of(new SnapshotCopy(connections, options, replication, slot, guard, tables));
        } catch (SQLException e) {
            closeQuietly(guard);
            closeQuietly(replication);
            throw failure("the initial copy could not begin", e);
        }
    }

    private static List<TableShape> shapes(List<SourceTable> tables) {
        return tables.stream().map(SourceTable::shape).toList();
    }

    private static void lock(Connection guard, List<SourceTable> tables) throws SQLException {
        try (Statement statement = guard.createStatement()) {
            statement.execute("set local lock_timeout = '30s'");
            for (SourceTable table : tables) {
                if (table.shape().refusal().isEmpty()) {
                    for (SourceTable.Part part : table.tree()) {
                        statement.execute("lock table only " + part.id().quoted() + " in access share mode");
                    }
                }
            }
        }
    }

    @Override
    public Lsn consistentPoint() {
        return slot.consistentPoint();
    }

    @Override
    public List<TableShape> tables() {
        return shapes(tables);
    }

    /** The same with what a person should know of each. */
    public List<SourceTable> sourceTables() {
        return tables;
    }

    public CopyProgress progress() {
        return progress;
    }

    @Override
    public void copy(Map<Long, TableSchema> schemas, CopySink sink) throws InterruptedException {
        List<CopyRange> ranges = new ArrayList<>();
        double estimate = 0;
        for (SourceTable table : tables) {
            TableSchema schema = schemas.get(table.shape().oid());
            if (schema != null && table.shape().refusal().isEmpty()) {
                for (SourceTable.Part leaf : table.leaves()) {
                    ranges.addAll(CopyRange.of(
                            schema, leaf.id(), pages(leaf), options.reading().pagesEach()));
                    estimate += Math.max(0, leaf.rows());
                }
            }
        }
        // Open-ended ranges first in the queue would leave the longest tables for the end.
        ranges.sort(Comparator.comparingLong(CopyRange::fromPage));
        progress.begin(ranges.size(), estimate);
        new CopyWorkers(() -> SnapshotSession.open(connections, slot.snapshot()), options.reading(), progress)
                .run(ranges, sink);
    }

    private long pages(SourceTable.Part leaf) {
        try (Statement statement = guard.createStatement();
                ResultSet result =
                        statement.executeQuery("select pg_catalog.pg_relation_size(" + leaf.oid() + ") / 8192")) {
            return result.next() ? result.getLong(1) : 0;
        } catch (SQLException e) {
            throw failure("the size of " + leaf.id() + " is not known", e);
        }
    }

    @Override
    public void close() {
        closeQuietly(guard);
        closeQuietly(replication);
    }

    static PipelineException failure(String what, SQLException e) {
        return new PipelineException(SqlFailure.codeOf(e), what + ": " + e.getMessage() + ".", e);
    }

    private static void closeQuietly(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException alreadyBroken) {
            // what is closed because it failed may fail again
        }
    }

    /** The name as SQL, for messages. */
    @Override
    public String toString() {
        return "initial copy through slot " + TableId.quote(options.slot());
    }
}
