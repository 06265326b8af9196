package dev.warung.stack.retail;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * An application at an outlet: it works on the outlet's SQLite file, whether the outlet is online, offline, or its process is dead.
 *
 * <p>Thread: its own; it owns its connection. It remembers its sales, so that somebody can look for them elsewhere.
 */
public final class Till implements AutoCloseable {
    private static final long RETRY_MS = 500;
    private static final int SALE_SHARE = 60;
    private static final int POINTS_SHARE = 20;
    private static final int RENAME_SHARE = 15;
    private static final int ALL_SHARES = 100;

    /** It waits for the triggers of all of them. */
    private static final List<String> WRITTEN =
            List.of("transaksi", "transaksi_item", "pembayaran", "pergerakan_stok", "stok", "pelanggan", "promo");

    /**
     * What the till must do.
     *
     * @param code of its outlet
     * @param rate transactions a second
     * @param seed of its choices
     */
    public record Options(String code, Path file, double rate, long seed) {}

    /** A sale that was committed in the file. */
    public record Sale(String number, BigDecimal total, int lines, int pieces) {}

    private final Options options;
    private final Random random;
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final Thread thread;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final LongAdder committed = new LongAdder();
    private final Queue<Sale> sales = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean disagrees = new AtomicBoolean();
    private volatile @Nullable String lastFailure;

    public Till(Options options) {
        this.options = options;
        this.random = new Random(options.seed());
        this.thread = new Thread(this::run, "till-" + options.code());
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Returns when its last transaction has ended. */
    public void stop() {
        stop.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }

    public String code() {
        return options.code();
    }

    /** Its next transaction changes the promotion that every till changes which is told so. */
    public void disagree() {
        disagrees.set(true);
    }

    /** Transactions so far. */
    public long committed() {
        return committed.sum();
    }

    public List<Sale> sales() {
        return List.copyOf(sales);
    }

    /** Why its last transaction that did not succeed was taken back. */
    public Optional<String> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    private void run() {
        while (!isStopped()) {
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + options.file())) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("pragma busy_timeout = 10000");
                }
                work(connection);
            } catch (SQLException e) {
                lastFailure = e.toString();
                pause(RETRY_MS);
            }
        }
    }

    private void work(Connection connection) throws SQLException {
        while (!isStopped() && !isReady(connection)) {
            pause(RETRY_MS);
        }
        Pace pace = Pace.perSecond(options.rate());
        TillWork work = new TillWork(connection, random);
        while (true) {
            pause(TimeUnit.NANOSECONDS.toMillis(pace.untilNext()));
            if (isStopped()) {
                return;
            }
            perform(connection, work);
        }
    }

    private void perform(Connection connection, TillWork work) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("begin immediate");
            try {
                Optional<Sale> sale = one(work);
                statement.execute("commit");
                committed.increment();
                sale.ifPresent(sales::add);
            } catch (SQLException e) {
                statement.execute("rollback");
                throw e;
            }
        }
    }

    private Optional<Sale> one(TillWork work) throws SQLException {
        if (disagrees.getAndSet(false)) {
            work.changeFirstPromotion();
            return Optional.empty();
        }
        int choice = random.nextInt(ALL_SHARES);
        if (choice < SALE_SHARE) {
            return work.sell(options.code() + "-" + run + "-" + (sales.size() + 1));
        }
        if (choice < SALE_SHARE + POINTS_SHARE) {
            work.givePoints();
        } else if (choice < SALE_SHARE + POINTS_SHARE + RENAME_SHARE) {
            work.rename("Pelanggan dari " + options.code() + " " + committed());
        } else {
            work.changePromotion();
        }
        return Optional.empty();
    }

    /** Before the outlet's triggers are there, a write would travel nowhere. */
    private static boolean isReady(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(distinct tbl_name) from sqlite_master"
                        + " where type = 'trigger' and tbl_name in ('" + String.join("', '", WRITTEN) + "')")) {
            return row.next() && row.getInt(1) == WRITTEN.size();
        }
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    private void pause(long millis) {
        try {
            if (stop.await(Math.max(millis, 0), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop.countDown();
        }
    }
}
