package dev.warung.bench.load;

import dev.warung.bench.measure.BenchException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Transactions of one row at fixed times: the next one begins when it is due, however long those before it take. Several connections
 * share the work, so that a slow commit does not hold up the others (a closed loop would send less just when it matters).
 */
public final class OpenLoopLoad {
    private static final int CONNECTIONS = 8;
    private static final double NANOS = 1e9;

    private final ConnectionSource source;
    private final int rate;
    private final AtomicInteger next = new AtomicInteger();

    /** Opens a connection to the database. */
    @FunctionalInterface
    public interface ConnectionSource {
        Connection open() throws SQLException;
    }

    /**
     * What was sent.
     *
     * @param firstId of the rows, which are numbered on from there
     * @param latenessNanos for each row, how long after it was due its insert was sent
     */
    @SuppressWarnings("ArrayRecordComponent") // figures only; nobody compares them
    public record Sent(long firstId, int rows, long[] latenessNanos) {
        public long lastId() {
            return firstId + rows - 1;
        }
    }

    /** @param rate transactions a second */
    public OpenLoopLoad(ConnectionSource source, int rate) {
        this.source = source;
        this.rate = rate;
    }

    /** How many rows are sent in that time. */
    public static int rows(int rate, Duration length) {
        return Math.max(1, (int) Math.round(length.toNanos() / NANOS * rate));
    }

    /** Sends for that long; returns when every row is committed. */
    public Sent run(long firstId, Duration length) {
        int rows = rows(rate, length);
        long[] lateness = new long[rows];
        next.set(0);
        long startAt = System.nanoTime() + Duration.ofMillis(100).toNanos();
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                writers.add(threads.submit(() -> write(firstId, startAt, lateness)));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        } catch (ExecutionException e) {
            throw new BenchException("The load failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("The load was interrupted.", e);
        } finally {
            threads.shutdownNow();
        }
        return new Sent(firstId, rows, lateness);
    }

    private Void write(long firstId, long startAt, long[] lateness) throws SQLException {
        try (Connection connection = source.open();
                PreparedStatement insert = connection.prepareStatement(BenchTable.insertOne())) {
            for (int row = next.getAndIncrement(); row < lateness.length; row = next.getAndIncrement()) {
                long due = startAt + (long) (row * NANOS / rate);
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                    if (Thread.interrupted()) {
                        throw new BenchException("The load was interrupted.");
                    }
                }
                lateness[row] = System.nanoTime() - due;
                insert.setLong(1, firstId + row);
                insert.executeUpdate();
            }
        }
        return null;
    }
}
