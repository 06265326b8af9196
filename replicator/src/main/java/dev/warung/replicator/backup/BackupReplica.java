package dev.warung.replicator.backup;

import dev.warung.core.change.ChangeId;
import dev.warung.core.replica.ReplicaFiles;
import dev.warung.core.replica.WriterLock;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.FaultPoints;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.RowCodec.DecodedRow;
import dev.warung.core.wire.SchemaCodec;
import dev.warung.core.wire.SchemaRecord;
import dev.warung.replicator.log.LogRecord;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The SQLite backup: applies changes and the position in one transaction, so at every commit the file equals PostgreSQL at some
 * commit (I4), and other processes may read it at any time.
 *
 * <p>Requires: a {@link WriterLock} on the file, held by whoever opens this.
 *
 * <p>Thread: used only by the thread that opened it. After an exception it must be closed; what was not committed is gone.
 */
public final class BackupReplica implements AutoCloseable {

    private final Path file;
    private final String identity;
    private final Connection connection;
    private final Catalog catalog;
    private final CheckpointStore checkpoints;
    private final ChangeApplier changes;
    private final SchemaApplier schemas;

    private BackupReplica(Path file, Connection connection, Rows rows) {
        this.file = file;
        this.identity = ReplicaFiles.identity(file);
        this.connection = connection;
        this.checkpoints = new CheckpointStore(connection);
        this.catalog = new Catalog(connection);
        this.changes = new ChangeApplier(connection, catalog, rows == Rows.COMPACTED);
        this.schemas = new SchemaApplier(connection, catalog, rows == Rows.COMPACTED);
    }

    /** Which rows will be applied. */
    public enum Rows {
        /** Every change, in order. */
        EVERY,
        /** What compaction has left: deletes may be missing, and rows may be older than the newest description. */
        COMPACTED
    }

    /** Whether to look for damage when opening; it reads the whole file. */
    public enum Examination {
        THOROUGH,
        NONE
    }

    /**
     * Opens the file, creating it if there is none.
     *
     * @throws PipelineException REPLICA_DAMAGED if the file is damaged or foreign
     */
    public static BackupReplica open(Path file, Rows rows, Examination examination) {
        ReplicaFiles.create(file);
        Connection connection = ReplicaFile.openForWriting(file);
        try {
            if (examination == Examination.THOROUGH) {
                ReplicaFile.examine(connection, file);
            }
            BackupReplica replica = new BackupReplica(file, connection, rows);
            connection.commit();
            return replica;
        } catch (SQLException e) {
            close(connection);
            throw Sqlite.failure(e, "Cannot open " + file);
        } catch (RuntimeException e) {
            close(connection);
            throw e;
        }
    }

    public Path file() {
        return file;
    }

    /** The position of the last commit; empty if the file is new. */
    public Optional<Checkpoint> checkpoint() {
        Optional<Checkpoint> checkpoint = checkpoints.load();
        commit();
        return checkpoint;
    }

    public Map<String, String> topicIds() {
        return checkpoints.topicIds();
    }

    /** Up to where the router had published at the last commit; empty if what was applied was not routed. */
    public Optional<ChangeId> routed() {
        Optional<ChangeId> routed = checkpoints.loadRouted();
        commit();
        return routed;
    }

    /** The tables, with those that are being copied. */
    public List<TableStatus> tables() {
        return catalog.all().stream()
                .map(e -> new TableStatus(e.schema(), e.name(), e.state(), e.isVisible(), e.sinceMs(), e.reason()))
                .toList();
    }

    /** Whether a schema version is known, so that rows of it can be applied. */
    public boolean knowsVersion(int version) {
        return catalog.version(version).isPresent();
    }

    /** Whether a topic belongs to a table generation of this replica. */
    public boolean hasTopic(String topic) {
        return catalog.byTopic(topic).isPresent();
    }

    /** Applies a record of a table topic. */
    public void apply(LogRecord record) {
        byte[] value = record.value();
        changes.apply(record, value == null ? null : changes.decode(record, value, false));
    }

    /** Reads a record that is not a tombstone, with the row before if the log has it. */
    public DecodedRow decode(LogRecord record, byte[] value) {
        return changes.decode(record, value, true);
    }

    /** Applies a record that {@link #decode} has read. */
    public void apply(LogRecord record, DecodedRow row) {
        changes.apply(record, row);
    }

    /** The row that a record of a table topic is about, as the records before have left it. */
    public Optional<@Nullable Object[]> rowBefore(LogRecord record) {
        return rows().row(record.topic(), changes.decodeKey(record));
    }

    /** The rows as all records so far have left them. To be asked for anew after each record. */
    public TableRows rows() {
        changes.flush();
        return new TableRows(connection, catalog);
    }

    /** Ends a transaction in which nothing was written. */
    public void endReading() {
        commit();
    }

    /** Applies a record of the schema topic. @return what it said */
    public SchemaRecord applySchema(LogRecord record) {
        byte[] value = record.value();
        if (value == null) {
            throw new PipelineException(ErrorCode.LOG_INCONSISTENT, record.place() + " is an empty schema record.");
        }
        SchemaRecord schemaRecord;
        try {
            schemaRecord = SchemaCodec.decode(value);
        } catch (IllegalArgumentException e) {
            throw new PipelineException(ErrorCode.LOG_INCONSISTENT, record.place() + ": " + e.getMessage() + ".", e);
        }
        changes.closeWriters();
        schemas.apply(record.id(), schemaRecord);
        return schemaRecord;
    }

    /** To be called when no row older than the newest description can come any more. */
    public void declareNotNulls() {
        changes.closeWriters();
        schemas.declareNotNulls();
    }

    /** Makes everything applied so far, and the position, durable and visible in one step. */
    public void commit(Checkpoint checkpoint, Map<String, String> topicIds) {
        commit(checkpoint, topicIds, Optional.empty());
    }

    /**
     * Makes everything applied so far, and the position, durable and visible in one step.
     *
     * @param routed up to where the router has published; empty if what was applied was not routed
     */
    public void commit(Checkpoint checkpoint, Map<String, String> topicIds, Optional<ChangeId> routed) {
        changes.flush();
        checkpoints.save(checkpoint, topicIds);
        checkpoints.saveRouted(routed);
        FaultPoints.hit("replicator.before-commit");
        commit();
        FaultPoints.hit("replicator.after-commit");
    }

    /** Ends the SQLite transaction without a position: for a file that nobody sees yet, to bound its WAL. */
    public void commitOutOfSight() {
        changes.flush();
        commit();
    }

    /** Deletes that found no row since the last call; in a table that is identical there are none. */
    public long takeMissedDeletes() {
        return changes.takeMissedDeletes();
    }

    /** @throws PipelineException REPLICA_DAMAGED if the file was deleted or replaced while it was open */
    public void checkIdentity() {
        if (!ReplicaFiles.identity(file).equals(identity)) {
            throw new PipelineException(ErrorCode.REPLICA_DAMAGED, file + " was replaced while it was open.");
        }
    }

    public long walBytes() {
        return ReplicaFiles.walBytes(file);
    }

    /** Moves the WAL into the file and empties it, unless a reader is in the way. Requires that nothing is uncommitted. */
    public void shrinkWal() {
        try {
            connection.setAutoCommit(true);
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout=0");
                statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
                statement.execute("PRAGMA busy_timeout=" + ReplicaFile.BUSY_TIMEOUT_MS);
            } finally {
                connection.setAutoCommit(false);
            }
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot shrink the WAL of " + file);
        }
    }

    /**
     * Replaces the whole content by that of another replica's closed file, in one step: readers see the old or the new. Requires that
     * nothing is uncommitted. This object must be closed and opened again afterwards.
     */
    public void restoreFrom(Path other) {
        try {
            connection.setAutoCommit(true);
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("restore from '" + other.toString().replace("'", "''") + "'");
            }
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot replace the content of " + file);
        }
    }

    /** Gives up what is not committed. */
    @Override
    public void close() {
        try {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot roll back " + file);
        } finally {
            close(connection);
        }
    }

    private void commit() {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot commit to " + file);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot close the database");
        }
    }
}
