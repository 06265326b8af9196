package dev.warung.testkit.load;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Concurrent writers with a bank's invariant: money moves between {@code akun_a} and {@code akun_b}, one transaction touches
 * both, so the sum over both tables never changes (I4). Beside the transfers they COPY, insert many rows by one statement, update
 * and delete ranges, write transactions of thousands of rows, roll back, and leave one {@code ledger} row for each transaction (I2).
 *
 * <p>A connection that dies is replaced: whether its transaction was committed is for PostgreSQL to say.
 */
public final class BankLoad implements AutoCloseable {

    /** Accounts in each of the two tables; each begins with {@link #OPENING}. */
    public static final int ACCOUNTS = 50;

    public static final long OPENING = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(BankLoad.class);
    /** Longest pause after a transaction: the load leaves room for the pipeline that runs on the same machine. */
    private static final int PAUSE_MS = 30;

    private static final Duration RETRY = Duration.ofMillis(200);

    private final ConnectionSource source;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicLong nextId = new AtomicLong();
    private final AtomicLong committed = new AtomicLong();
    private final Queue<Long> confirmedIds = new ConcurrentLinkedQueue<>();
    private final Queue<Long> rolledBackIds = new ConcurrentLinkedQueue<>();
    private final int pauseMsMax;

    /** Where a writer gets a new connection; may fail while PostgreSQL is down. */
    @FunctionalInterface
    public interface ConnectionSource {
        Connection open() throws SQLException;
    }

    private BankLoad(ConnectionSource source, int pauseMsMax) {
        this.source = source;
        this.pauseMsMax = pauseMsMax;
    }

    /** Creates the tables; {@code big} has no row yet. */
    public static void createTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String table : List.of("akun_a", "akun_b")) {
                statement.execute("CREATE TABLE " + table + " (id int PRIMARY KEY, saldo bigint NOT NULL)");
                statement.execute("INSERT INTO " + table + " SELECT g, " + OPENING + " FROM generate_series(1, "
                        + ACCOUNTS + ") g");
            }
            statement.execute("CREATE TABLE ledger (id bigint PRIMARY KEY, xid bigint NOT NULL, jenis text NOT NULL)");
            statement.execute("CREATE TABLE big (id bigint PRIMARY KEY, isi text, n int)");
        }
    }

    /** Starts the writers; each has its own seed derived from {@code seed}. */
    public static BankLoad start(ConnectionSource source, int writers, long seed) {
        return start(source, writers, seed, PAUSE_MS);
    }

    /** @param pauseMsMax longest pause of a writer after a transaction */
    public static BankLoad start(ConnectionSource source, int writers, long seed, int pauseMsMax) {
        BankLoad load = new BankLoad(source, pauseMsMax);
        // Ids grow from the seed's own range, so that a load that is started again on the same tables does not clash.
        load.nextId.set(1 + (seed & 0xFFFF) * 10_000_000_000L);
        for (int i = 0; i < writers; i++) {
            Random random = new Random(seed * 31 + i);
            Thread thread = new Thread(() -> load.write(random), "bank-" + i);
            thread.start();
            load.threads.add(thread);
        }
        return load;
    }

    /** Transactions whose commit was confirmed to a writer. */
    public long committed() {
        return committed.get();
    }

    /**
     * The ids of {@code ledger} rows whose commit was confirmed since the last call: PostgreSQL and every replica must have them (I2).
     */
    public List<Long> takeConfirmed() {
        return take(confirmedIds);
    }

    /** The ids of {@code ledger} rows that were rolled back since the last call: nobody may ever see them (I2). */
    public List<Long> takeRolledBack() {
        return take(rolledBackIds);
    }

    private static List<Long> take(Queue<Long> ids) {
        List<Long> taken = new ArrayList<>();
        for (Long id = ids.poll(); id != null; id = ids.poll()) {
            taken.add(id);
        }
        return taken;
    }

    @Override
    public void close() {
        stop.countDown();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void write(Random random) {
        try {
            while (stop.getCount() > 0) {
                try (Connection connection = source.open()) {
                    connection.setAutoCommit(false);
                    while (stop.getCount() > 0) {
                        transaction(connection, random);
                    }
                } catch (SQLException e) {
                    LOG.debug("a writer lost its connection: {}", e.getMessage());
                    stop.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void transaction(Connection connection, Random random) throws SQLException, InterruptedException {
        int kind = random.nextInt(20);
        long ledgerId;
        try (Statement statement = connection.createStatement()) {
            switch (kind) {
                case 0 -> copy(connection, 200 + random.nextInt(3000));
                case 1 -> statement.execute(manyRows(100 + random.nextInt(1000)));
                case 2 ->
                    statement.execute("UPDATE big SET n = n + 1, isi = md5(isi) WHERE id % 7 = " + random.nextInt(7)
                            + " AND id > " + (nextId.get() - 2000));
                case 3 ->
                    statement.execute("DELETE FROM big WHERE id IN (SELECT id FROM big ORDER BY id LIMIT "
                            + random.nextInt(400) + ")");
                default -> transfer(statement, random);
            }
            ledgerId = nextId.incrementAndGet();
            statement.execute("INSERT INTO ledger VALUES (" + ledgerId + ", txid_current(), 'jenis " + kind + "')");
        } catch (SQLException e) {
            if (connection.isClosed() || !connection.isValid(1)) {
                throw e;
            }
            connection.rollback();
            return;
        }
        if (random.nextInt(12) == 0) {
            connection.rollback();
            rolledBackIds.add(ledgerId);
        } else {
            connection.commit();
            committed.incrementAndGet();
            confirmedIds.add(ledgerId);
        }
        stop.await(random.nextInt(pauseMsMax), TimeUnit.MILLISECONDS);
    }

    private static void transfer(Statement statement, Random random) throws SQLException {
        int amount = 1 + random.nextInt(50);
        String from = random.nextBoolean() ? "akun_a" : "akun_b";
        String to = from.equals("akun_a") ? "akun_b" : "akun_a";
        int low = 1 + random.nextInt(ACCOUNTS);
        int high = 1 + random.nextInt(ACCOUNTS);
        statement.execute("UPDATE " + from + " SET saldo = saldo - " + amount + " WHERE id = " + low);
        statement.execute("UPDATE " + to + " SET saldo = saldo + " + amount + " WHERE id = " + high);
    }

    private String manyRows(int count) {
        long from = nextId.getAndAdd(count) + 1;
        return "INSERT INTO big SELECT g, repeat(md5(g::text), 1 + (g % 9)::int), 0 FROM generate_series(" + from + ", "
                + (from + count - 1) + ") g";
    }

    private void copy(Connection connection, int count) throws SQLException {
        long from = nextId.getAndAdd(count) + 1;
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < count; i++) {
            rows.append(from + i)
                    .append("\tbaris ke ")
                    .append(i)
                    .append('\t')
                    .append(i)
                    .append('\n');
        }
        try {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY big (id, isi, n) FROM STDIN", new StringReader(rows.toString()));
        } catch (IOException e) {
            throw new SQLException("COPY failed", e);
        }
    }
}
