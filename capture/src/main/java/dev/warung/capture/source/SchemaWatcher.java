package dev.warung.capture.source;

import dev.warung.core.runtime.PipelineException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets PostgreSQL compare its catalogue with what the log of DDL says, and log the difference ({@code warung.poll()}): at every step where there are
 * no event triggers, at once where one of them failed, and now and then in any case. What is found comes down the stream like any
 * DDL, as a table that is copied anew.
 */
public final class SchemaWatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SchemaWatcher.class);
    private static final int STEPS_BETWEEN = 12;
    private static final String STANDING = """
            select (select count(*) = 3 from pg_catalog.pg_event_trigger where evtname like 'warung\\_%' and evtenabled <> 'D'),
                (select coalesce(max(id), 0) from warung.ddl_log where error is not null)
            """;

    private final SourceConnections connections;
    private final Duration step;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "schema-watcher");
    private long steps;
    private long lastFailure;
    private boolean unfinished = true;

    private SchemaWatcher(SourceConnections connections, Duration step) {
        this.connections = connections;
        this.step = step;
        thread.setDaemon(true);
    }

    public static SchemaWatcher start(SourceConnections connections, Duration step) {
        SchemaWatcher watcher = new SchemaWatcher(connections, step);
        watcher.thread.start();
        return watcher;
    }

    @Override
    public void close() {
        stopped.countDown();
    }

    private void run() {
        try {
            do {
                watchWhileConnected();
            } while (!stopped.await(step.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watchWhileConnected() throws InterruptedException {
        try (Connection connection = connections.open()) {
            do {
                step(connection);
            } while (!stopped.await(step.toMillis(), TimeUnit.MILLISECONDS));
        } catch (SQLException | PipelineException e) {
            LOG.warn("The catalogue cannot be compared with the log: {}", e.getMessage());
        }
    }

    private void step(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (isDue(statement)) {
                try (ResultSet result = statement.executeQuery("select warung.poll()")) {
                    result.next();
                    unfinished = result.getInt(1) > 0;
                }
            }
        }
        steps++;
    }

    private boolean isDue(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery(STANDING)) {
            result.next();
            boolean triggered = result.getBoolean(1);
            boolean failed = result.getLong(2) > lastFailure;
            lastFailure = result.getLong(2);
            return unfinished || failed || !triggered || steps % STEPS_BETWEEN == 0;
        }
    }
}
