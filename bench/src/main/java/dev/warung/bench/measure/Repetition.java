package dev.warung.bench.measure;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/**
 * One statement that is executed again and again, with a pause after each time, until it is closed.
 *
 * <p>Thread: one of its own, which alone uses the connection.
 */
public final class Repetition implements AutoCloseable {
    private final String name;
    private final Connection connection;
    private final Duration pause;
    private final Thread thread;
    private volatile boolean stopped;

    /** What is done each time. */
    @FunctionalInterface
    public interface Step {
        void execute(PreparedStatement statement) throws SQLException;
    }

    private Repetition(String name, Connection connection, Duration pause, String sql, Step step) {
        this.name = name;
        this.connection = connection;
        this.pause = pause;
        this.thread = new Thread(() -> run(sql, step), name);
    }

    /**
     * Begins.
     *
     * @param name of the thread, and what a failure is called by
     * @param connection closed in the end
     */
    public static Repetition start(String name, Connection connection, Duration pause, String sql, Step step) {
        Repetition repetition = new Repetition(name, connection, pause, sql, step);
        repetition.thread.start();
        return repetition;
    }

    private void run(String sql, Step step) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            while (!stopped) {
                step.execute(statement);
                Wait.during(pause);
            }
        } catch (SQLException e) {
            throw new BenchException("The thread " + name + " failed: " + e.getMessage(), e);
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
            throw new BenchException("The connection of " + name + " cannot be closed: " + e.getMessage(), e);
        }
    }
}
