package dev.warung.bench.load;

import dev.warung.bench.measure.Repetition;
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

    private final AtomicLong begun;
    private final AtomicLong committed;
    private final Repetition writing;

    /** Where the connection of the writer comes from. */
    @FunctionalInterface
    public interface ConnectionSource {
        Connection open() throws SQLException;
    }

    private Markers(Connection connection, long last) {
        begun = new AtomicLong(last);
        committed = new AtomicLong(last);
        writing = Repetition.start("markers", connection, PAUSE, "insert into " + TABLE + " values (?)", this::write);
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
            return new Markers(connection, row.getLong(1));
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

    private void write(PreparedStatement insert) throws SQLException {
        insert.setLong(1, begun.incrementAndGet());
        insert.executeUpdate();
        committed.set(begun.get());
    }

    @Override
    public void close() {
        writing.close();
    }
}
