package dev.warung.capture.source;

import dev.warung.core.runtime.PipelineException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Work that is done in steps in a session of its own, with a pause after each; a session that fails is replaced by a new one after the
 * pause.
 *
 * <p>Thread: one of its own, a daemon.
 */
final class SteadySession implements AutoCloseable {

    private final SourceConnections connections;
    private final Duration pause;
    private final Steps steps;
    private final Consumer<Exception> failures;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private SteadySession(SourceConnections connections, Duration pause, Steps steps, Consumer<Exception> failures) {
        this.connections = connections;
        this.pause = pause;
        this.steps = steps;
        this.failures = failures;
    }

    /** What is done. */
    interface Steps {

        /** Prepares a new session. */
        default void begin(Connection connection) throws SQLException {}

        void step(Connection connection) throws SQLException;
    }

    /** @param failures told of each session that could not be opened or failed */
    static SteadySession start(
            String thread, SourceConnections connections, Duration pause, Steps steps, Consumer<Exception> failures) {
        SteadySession session = new SteadySession(connections, pause, steps, failures);
        Thread runner = new Thread(session::run, thread);
        runner.setDaemon(true);
        runner.start();
        return session;
    }

    /** Does not wait for the step that is being done. */
    @Override
    public void close() {
        stopped.countDown();
    }

    private void run() {
        try {
            do {
                stepWhileConnected();
            } while (!isStoppedAfterPause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stepWhileConnected() throws InterruptedException {
        try (Connection connection = connections.open()) {
            steps.begin(connection);
            do {
                steps.step(connection);
            } while (!isStoppedAfterPause());
        } catch (SQLException | PipelineException e) {
            failures.accept(e);
        }
    }

    private boolean isStoppedAfterPause() throws InterruptedException {
        return stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }
}
