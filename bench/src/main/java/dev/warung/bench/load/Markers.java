package dev.warung.bench.load;

import dev.warung.bench.measure.BenchException;
import dev.warung.bench.measure.Wait;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Small transactions one after the other, each with the next number: what stands before and after a large one. */
public final class Markers implements AutoCloseable {
    public static final String TABLE = "bench_markers";

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(10);
    /** So many more are written for {@link #awaitMore}. */
    private static final int MORE = 20;

    private final Connection connection;
    private final Thread thread = new Thread(this::run, "markers");
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong committed = new AtomicLong();
    private volatile boolean stopped;

    /** Where the connection of the writer comes from. */
    @FunctionalInterface
    public interface ConnectionSource {
        Connection open() throws SQLException;
    }

    private Markers(Connection connection, long last) {
        this.connection = connection;
        begun.set(last);
        committed.set(last);
    }

    public static void createTable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table " + TABLE + " (id bigint primary key)");
        }
    }

    /** Begins to write, from the number after the last in the table. */
    public static Markers start(ConnectionSource source) throws SQLException {
        Connection connection = source.open();
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery("select coalesce(max(id), 0) from " + TABLE)) {
            row.next();
            Markers markers = new Markers(connection, row.getLong(1));
            markers.thread.start();
            return markers;
        }
    }

    /** The last number whose commit was confirmed. */
    public long committed() {
        return committed.get();
    }

    /** The last number that may have been written. */
    public long lastBegun() {
        return begun.get();
    }

    /** Waits until some more were committed. */
    public void awaitMore() {
        long wanted = committed.get() + MORE;
        Wait.until("small transactions", LIMIT, () -> committed.get() >= wanted);
    }

    private void run() {
        try (PreparedStatement insert = connection.prepareStatement("insert into " + TABLE + " values (?)")) {
            while (!stopped) {
                insert.setLong(1, begun.incrementAndGet());
                insert.executeUpdate();
                committed.set(begun.get());
                Wait.during(PAUSE);
            }
        } catch (SQLException e) {
            throw new BenchException("The small transactions failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            throw new BenchException("The connection of the small transactions cannot be closed: " + e.getMessage(), e);
        }
    }
}
