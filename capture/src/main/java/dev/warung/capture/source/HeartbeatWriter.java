package dev.warung.capture.source;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Updates the heartbeat row every few seconds, in a session of its own: its echo in the stream proves the whole way, and lets the slot
 * move while nobody else writes.
 *
 * <p>A beat that fails is only logged: health turns red by the age of the echo.
 */
public final class HeartbeatWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatWriter.class);
    private static final String BEAT = """
            insert into warung.heartbeat (counter, nonce, at) values (1, pg_catalog.gen_random_uuid(), pg_catalog.clock_timestamp())
            on conflict (id) do update
            set counter = heartbeat.counter + 1, nonce = excluded.nonce, at = excluded.at
            """;

    private final SourceConnections connections;
    private final Duration interval;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "heartbeat");

    private HeartbeatWriter(SourceConnections connections, Duration interval) {
        this.connections = connections;
        this.interval = interval;
        thread.setDaemon(true);
    }

    public static HeartbeatWriter start(SourceConnections connections, Duration interval) {
        HeartbeatWriter writer = new HeartbeatWriter(connections, interval);
        writer.thread.start();
        return writer;
    }

    /** Beats once in a session of its own. */
    public static void beat(SourceConnections connections) {
        try (Connection connection = connections.open();
                Statement statement = connection.createStatement()) {
            statement.execute(BEAT);
        } catch (SQLException e) {
            throw new PipelineException(ErrorCode.POSTGRES_NOT_READY, "No heartbeat: " + e.getMessage() + ".", e);
        }
    }

    private void run() {
        try {
            do {
                beatWhileConnected();
            } while (!stopped.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void beatWhileConnected() throws InterruptedException {
        try (Connection connection = connections.open();
                Statement statement = connection.createStatement()) {
            statement.execute("set statement_timeout = '10s'");
            do {
                statement.execute(BEAT);
            } while (!stopped.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (SQLException | PipelineException e) {
            LOG.warn("No heartbeat: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        stopped.countDown();
    }
}
