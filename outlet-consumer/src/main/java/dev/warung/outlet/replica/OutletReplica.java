package dev.warung.outlet.replica;

import dev.warung.core.change.TableId;
import dev.warung.core.replica.ReplicaFiles;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.FaultPoints;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.ShapeRecord;
import dev.warung.core.wire.ShapeSchema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The SQLite file of an outlet. Rows, and how far each feed has come, change in one transaction, so a process that dies goes on where the
 * file says (I4).
 *
 * <p>Requires: a {@link dev.warung.core.replica.WriterLock} on the file, held by whoever opens this.
 *
 * <p>Thread: used only by the outlet thread. After an exception it must be closed; what was not committed is gone.
 */
public final class OutletReplica implements AutoCloseable {

    private final Path file;
    private final String identity;
    private final Connection connection;
    private final OutletStore outlet;
    private final FeedStore feeds;
    private final TableStore tables;
    private final Staging staging;
    private final LocalWrites local;
    private final Outbox outbox;
    private final Map<Integer, List<RowWriter>> writers = new HashMap<>();
    /** Not the driver's own transactions: it begins the next one at once, and would keep the write lock from everybody for ever. */
    private boolean isInTransaction;

    private OutletReplica(Path file, Connection connection) {
        this.file = file;
        this.identity = ReplicaFiles.identity(file);
        this.connection = connection;
        Sqlite.execute(connection, "BEGIN IMMEDIATE");
        this.isInTransaction = true;
        this.outlet = new OutletStore(connection);
        this.tables = new TableStore(connection);
        this.feeds = new FeedStore(connection);
        this.staging = new Staging(connection);
        tables.load(feeds.live());
        this.local = new LocalWrites(connection, tables, feeds, writable(outlet.record()));
        this.outbox = new Outbox(connection, local, outlet, this::write, this::commit);
    }

    /** Whether to look for damage when opening; a large file needs a {@link FileExamination} for that. */
    public enum Examination {
        THOROUGH,
        NONE
    }

    /**
     * Opens the file, creating it if there is none.
     *
     * @throws PipelineException REPLICA_DAMAGED if the file is damaged or foreign
     */
    public static OutletReplica open(Path file, Examination examination) {
        ReplicaFiles.create(file);
        Connection connection = ReplicaFile.openForWriting(file);
        try {
            if (examination == Examination.THOROUGH && !ReplicaFile.isLarge(file)) {
                ReplicaFile.examine(connection, file);
            }
            OutletReplica replica = new OutletReplica(file, connection);
            replica.tables.examine();
            replica.local.allow(writable(replica.outlet.record()));
            replica.local.beginLocalIds();
            replica.commit();
            return replica;
        } catch (RuntimeException e) {
            close(connection);
            throw e;
        }
    }

    public Path file() {
        return file;
    }

    /** Whose file it is; empty if it is new. */
    public Optional<UUID> owner() {
        return outlet.owner();
    }

    public void own(UUID id, String code) {
        write();
        outlet.own(id, code);
    }

    /** What the outlet's private topic said last. */
    public Optional<OutletRecord> record() {
        return outlet.record();
    }

    public void record(OutletRecord newest) {
        write();
        boolean isSame = writable(outlet.record()).equals(newest.writable());
        outlet.save(newest);
        if (!isSame) {
            local.allow(newest.writable());
        }
    }

    private static Set<TableId> tablesOf(Stream<Feed> some) {
        return some.flatMap(feed -> feed.schema().stream())
                .flatMap(schema -> schema.tables().stream())
                .map(ShapeSchema.Table::id)
                .collect(Collectors.toSet());
    }

    private static List<WritableTable> writable(Optional<OutletRecord> known) {
        return known.map(OutletRecord::writable).orElse(List.of());
    }

    /** Kafka has answered at this time, by this device's clock. */
    public void contact(long ms) {
        write();
        outlet.contact(ms);
    }

    /** 0 if there was no contact yet. */
    public long contactAtMs() {
        return outlet.contactAtMs();
    }

    public Collection<Feed> feeds() {
        return feeds.all();
    }

    /** Names of the tables that the application sees. */
    public List<String> tableNames() {
        return tables.all().stream().map(AppTable::name).sorted().toList();
    }

    /** Begins to read a topic from its start, out of sight. */
    public Feed begin(OutletRecord.Feed source, long nowMs) {
        write();
        return feeds.add(source, nowMs);
    }

    /** A feed's description has come: its shadow tables are made. */
    public Feed describe(Feed feed, ShapeSchema schema) {
        write();
        Feed described = feed.with(schema);
        for (int i = 0; i < schema.tables().size(); i++) {
            ShapeSchema.Table table = schema.tables().get(i);
            String sql = AppTable.layoutOf(table).createTable(AppTable.shadowName(feed.number(), i));
            boolean isNumbered = writable(outlet.record()).stream()
                    .anyMatch(w -> w.table().equals(table.id()) && w.assigned().isPresent());
            Sqlite.execute(connection, isNumbered ? LocalIdSequence.definition(sql) : sql);
        }
        feeds.save(described);
        return described;
    }

    /** Forgets a feed that is not visible. */
    public void abandon(Feed feed) {
        write();
        closeWriters();
        TableSwitch.dropShadows(connection, feed);
        staging.drop(feed);
        feeds.remove(feed);
    }

    /** Why these feeds cannot be visible together; empty if they can. */
    public static Optional<String> conflict(List<Feed> together) {
        return TableSwitch.conflict(together);
    }

    /**
     * Makes feeds visible and takes others away, in the open transaction.
     *
     * @param filledNumbers complete feeds
     * @param goneNumbers visible feeds that go
     */
    public void become(Collection<Integer> filledNumbers, Collection<Integer> goneNumbers) {
        write();
        closeWriters();
        List<Feed> filled = filledNumbers.stream().map(feeds::require).toList();
        List<Feed> gone = goneNumbers.stream().map(feeds::require).toList();
        Set<TableId> concerned = tablesOf(Stream.concat(filled.stream(), gone.stream()));
        local.beforeSwitch(concerned);
        new TableSwitch(connection, tables, feeds.live(), filled, gone).run();
        for (Feed feed : gone) {
            staging.drop(feed);
            feeds.remove(feed);
        }
        filled.forEach(feed -> feeds.save(feed.with(Phase.LIVE)));
        local.afterSwitch(concerned);
        FaultPoints.hit("outlet.switched");
    }

    /** The feed as it is stored now. */
    public Feed feed(int number) {
        return feeds.require(number);
    }

    /** Applies what a feed says about a row or a table; other records say nothing about rows. */
    public void apply(Feed feed, Staged staged, ShapeRecord shapeRecord) {
        write();
        FaultPoints.hit("outlet.apply");
        if (feed.isLive() && local.isOverlaid()) {
            uncover(feed, shapeRecord);
        }
        if (shapeRecord instanceof ShapeRecord.Row row) {
            writer(feed, row.table()).hold(row.values(), staged.id());
        } else if (shapeRecord instanceof ShapeRecord.Gone gone) {
            writer(feed, gone.table()).leave(gone.key(), staged.id());
        } else if (shapeRecord instanceof ShapeRecord.Truncate truncate) {
            writer(feed, truncate.table()).leaveAll();
        }
    }

    /** The server's own row is put back where local writes lie over it. */
    private void uncover(Feed feed, ShapeRecord shapeRecord) {
        List<ShapeSchema.Table> described = feed.schema().orElseThrow().tables();
        if (shapeRecord instanceof ShapeRecord.Row row) {
            ShapeSchema.Table table = described.get(row.table());
            if (local.concerns(table.id())) {
                Object[] key = IntStream.of(table.keyPositions())
                        .mapToObj(i -> row.values()[i])
                        .toArray();
                local.beforeRow(table.id(), key);
            }
        } else if (shapeRecord instanceof ShapeRecord.Gone gone) {
            local.beforeRow(described.get(gone.table()).id(), gone.key());
        } else if (shapeRecord instanceof ShapeRecord.Truncate truncate) {
            flush(feed);
            local.beforeAll(described.get(truncate.table()).id());
        }
    }

    /** To be called when another feed's turn comes: rows of shared tables must not wait beside each other. */
    public void flush(Feed feed) {
        writers.getOrDefault(feed.number(), List.of()).forEach(RowWriter::flush);
    }

    /** Keeps records, durable and out of sight. */
    public void stage(Feed feed, List<Staged> records) {
        write();
        staging.add(feed, records);
        FaultPoints.hit("outlet.staged");
    }

    public boolean hasStaged(Feed feed) {
        return staging.has(feed);
    }

    /** The last of the records kept. */
    public Optional<Staged> lastStaged(Feed feed) {
        return staging.last(feed);
    }

    /** Hands out the records kept, in order, and forgets them. */
    public void takeStaged(Feed feed, Consumer<Staged> receiver) {
        if (staging.has(feed)) {
            write();
        }
        staging.take(feed, receiver);
    }

    /** How far a feed has come, to be part of the next commit. */
    public void save(Feed feed) {
        write();
        feeds.saveProgress(feed);
    }

    /** Makes everything since the last commit durable and visible in one step. */
    public void commit() {
        if (!isInTransaction) {
            return;
        }
        writers.values().forEach(all -> all.forEach(RowWriter::flush));
        local.end();
        feeds.flush();
        FaultPoints.hit("outlet.before-commit");
        Sqlite.execute(connection, "COMMIT");
        isInTransaction = false;
        FaultPoints.hit("outlet.after-commit");
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

    /** What the application has written. */
    public Outbox outbox() {
        return outbox;
    }

    /** Moves the WAL into the file and empties it, unless a reader is in the way. Requires that nothing is uncommitted. */
    public void shrinkWal() {
        Sqlite.execute(
                connection,
                "PRAGMA busy_timeout=0",
                "PRAGMA wal_checkpoint(TRUNCATE)",
                "PRAGMA busy_timeout=" + ReplicaFile.BUSY_TIMEOUT_MS);
    }

    /** Gives up what is not committed. */
    @Override
    public void close() {
        close(connection);
    }

    /** Something is about to be written: the write lock is taken now, since an upgrade from reading cannot wait for another writer. */
    private void write() {
        if (!isInTransaction) {
            Sqlite.execute(connection, "BEGIN IMMEDIATE");
            isInTransaction = true;
            local.begin();
        }
    }

    private RowWriter writer(Feed feed, int table) {
        List<RowWriter> all = writers.get(feed.number());
        if (all == null) {
            all = writersOf(feed);
            writers.put(feed.number(), all);
        }
        return all.get(table);
    }

    private List<RowWriter> writersOf(Feed feed) {
        List<RowWriter> all = new ArrayList<>();
        List<ShapeSchema.Table> described = feed.schema().orElseThrow().tables();
        for (int i = 0; i < described.size(); i++) {
            TableId id = described.get(i).id();
            if (!feed.isLive()) {
                all.add(new OwnedRows(
                        connection, AppTable.shadowName(feed.number(), i), AppTable.layoutOf(described.get(i))));
            } else if (tables.require(id).isShared()) {
                all.add(new SharedRows(connection, tables.require(id), feed.number()));
            } else {
                all.add(new OwnedRows(
                        connection,
                        tables.require(id).name(),
                        tables.require(id).layout()));
            }
        }
        return all;
    }

    private void closeWriters() {
        writers.values().forEach(all -> all.forEach(RowWriter::close));
        writers.clear();
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot close the database");
        }
    }
}
