package dev.warung.replicator.verify;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.schema.Column;
import dev.warung.core.value.PgSession;
import dev.warung.core.value.PgValues;
import dev.warung.replicator.backup.VisibleTable;
import dev.warung.replicator.follow.ApplyGate;
import dev.warung.replicator.follow.Hold;
import dev.warung.testkit.Database;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/**
 * The smallest thing that keeps a SQLite file equal to PostgreSQL: it applies the stream of a slot, one transaction at a time, and can
 * be held. The tables must be empty when it starts.
 */
final class TestReplica implements ApplyGate, BackupCatalog, AutoCloseable {

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Map<Long, VisibleTable> tables = new HashMap<>();
    private final Path file;
    private final Connection walSender;
    private final Connection sqlite;
    private final Thread thread;
    private final List<PgOutput.Message> open = new ArrayList<>();
    private volatile boolean stopped;
    private volatile @Nullable Throwable failure;
    private @Nullable Lsn limit;
    private @Nullable Lsn arrived;
    private boolean applying;
    private final AtomicLong applied = new AtomicLong();

    private TestReplica(Path file, Connection walSender, Connection sqlite) {
        this.file = file;
        this.walSender = walSender;
        this.sqlite = sqlite;
        this.thread = new Thread(this::run, "test-replica");
    }

    static TestReplica start(Database database, Path file, List<VisibleTable> tables) throws SQLException {
        Connection walSender = new SourceAccess(PostgresUrl.parse(database.jdbcUrl())).openReplication();
        Connection sqlite = DriverManager.getConnection("jdbc:sqlite:" + file);
        TestReplica replica = new TestReplica(file, walSender, sqlite);
        try (Statement statement = sqlite.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            for (VisibleTable table : tables) {
                replica.tables.put(table.schema().oid(), table);
                statement.execute(createTable(table));
                statement.execute("CREATE INDEX " + TableId.quote("i " + table.name()) + " ON "
                        + TableId.quote(table.name()) + " ("
                        + table.schema().key().stream().map(TableId::quote).collect(Collectors.joining(", ")) + ")");
            }
        }
        sqlite.setAutoCommit(false);
        try (Statement statement = walSender.createStatement()) {
            for (String sql : PgSession.PRINTS_CANONICAL) {
                statement.execute(sql);
            }
            statement.execute("CREATE_REPLICATION_SLOT test_replica TEMPORARY LOGICAL pgoutput (SNAPSHOT 'nothing')");
        }
        replica.thread.start();
        return replica;
    }

    /** How many transactions it has applied. */
    long applied() {
        return applied.get();
    }

    Path file() {
        return file;
    }

    @Override
    public Tables read(Connection snapshot) {
        return new Tables(List.copyOf(tables.values()), Map.of());
    }

    @Override
    public synchronized Hold hold(Duration lease) throws InterruptedException {
        limit = Lsn.ZERO;
        while (applying) {
            wait();
        }
        return new TestHold();
    }

    @Override
    public void close() throws Exception {
        stopped = true;
        synchronized (this) {
            limit = null;
            notifyAll();
        }
        thread.join();
        walSender.close();
        sqlite.close();
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    private final class TestHold implements Hold {
        @Override
        public ChangeId position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Lsn commit() {
            return Lsn.ZERO;
        }

        @Override
        public <T> T runBefore(Lsn end, Callable<T> task) throws Exception {
            synchronized (TestReplica.this) {
                limit = end;
                TestReplica.this.notifyAll();
                while (arrived == null || arrived.compareTo(end) < 0) {
                    TestReplica.this.wait();
                }
                return task.call();
            }
        }

        @Override
        public void close() {
            synchronized (TestReplica.this) {
                limit = null;
                TestReplica.this.notifyAll();
            }
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever it is, the test must see it
    private void run() {
        try {
            PGReplicationStream stream = walSender
                    .unwrap(PGConnection.class)
                    .getReplicationAPI()
                    .replicationStream()
                    .logical()
                    .withSlotName("test_replica")
                    .withSlotOption("proto_version", "1")
                    .withSlotOption("publication_names", "warung")
                    .start();
            while (!stopped) {
                ByteBuffer buffer = stream.readPending();
                if (buffer == null) {
                    LockSupport.parkNanos(POLL_NANOS);
                } else {
                    take(PgOutput.read(buffer));
                    stream.setFlushedLSN(stream.getLastReceiveLSN());
                }
            }
            stream.close();
        } catch (Exception e) {
            failure = e;
        }
    }

    private void take(PgOutput.Message message) throws SQLException, InterruptedException {
        if (message.kind() != 'C') {
            open.add(message);
            return;
        }
        Lsn commit = new Lsn(message.endLsn());
        synchronized (this) {
            arrived = commit;
            notifyAll();
            while (limit != null && commit.compareTo(limit) >= 0) {
                wait();
            }
            applying = true;
            arrived = null;
        }
        for (PgOutput.Message change : open) {
            apply(change);
        }
        sqlite.commit();
        applied.incrementAndGet();
        open.clear();
        synchronized (this) {
            applying = false;
            notifyAll();
        }
    }

    private void apply(PgOutput.Message change) throws SQLException {
        VisibleTable table = tables.get((long) change.relation());
        if (table == null) {
            return;
        }
        if (change.kind() == 'T') {
            update("DELETE FROM " + TableId.quote(table.name()), table, List.of());
        }
        if (change.kind() == 'U' || change.kind() == 'D') {
            delete(table, change.before().isEmpty() ? change.after() : change.before());
        }
        if (!change.after().isEmpty()) {
            String marks = String.join(",", Collections.nCopies(change.after().size(), "?"));
            update("INSERT INTO " + TableId.quote(table.name()) + " VALUES (" + marks + ")", table, change.after());
        }
    }

    private void delete(VisibleTable table, List<@Nullable String> row) throws SQLException {
        List<Column> columns = table.schema().copiedColumns();
        try (PreparedStatement statement =
                sqlite.prepareStatement("DELETE FROM " + TableId.quote(table.name()) + " WHERE "
                        + table.schema().key().stream()
                                .map(name -> TableId.quote(name) + " = ?")
                                .collect(Collectors.joining(" AND ")))) {
            int parameter = 1;
            for (int position : table.schema().keyPositions()) {
                String value = Objects.requireNonNull(row.get(position));
                statement.setObject(
                        parameter++, PgValues.toSqlite(columns.get(position).kind(), value));
            }
            statement.executeUpdate();
        }
    }

    private void update(String sql, VisibleTable table, List<@Nullable String> values) throws SQLException {
        List<Column> columns = table.schema().copiedColumns();
        try (PreparedStatement statement = sqlite.prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
                String value = values.get(i);
                statement.setObject(
                        i + 1,
                        value == null ? null : PgValues.toSqlite(columns.get(i).kind(), value));
            }
            statement.executeUpdate();
        }
    }

    private static String createTable(VisibleTable table) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            columns.add(TableId.quote(table.columns().get(i)) + " "
                    + table.schema().copiedColumns().get(i).kind().sqliteType());
        }
        return "CREATE TABLE " + TableId.quote(table.name()) + " (" + String.join(", ", columns) + ") STRICT";
    }
}
