package dev.warung.capture.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets PostgreSQL compare its catalogue with what the log of DDL says, and log the difference ({@code warung.poll()}): at every step
 * where there are no event triggers, at once where one of them failed, and now and then in any case. What is found comes down the
 * stream like any DDL, as a table that is copied anew.
 */
public final class SchemaWatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SchemaWatcher.class);
    private static final int STEPS_BETWEEN = 12;
    private static final String STANDING = """
            select (select count(*) = 3 from pg_catalog.pg_event_trigger where evtname like 'warung\\_%' and evtenabled <> 'D'),
                (select coalesce(max(id), 0) from warung.ddl_log where error is not null)
            """;

    private final SteadySession session;

    private SchemaWatcher(SteadySession session) {
        this.session = session;
    }

    public static SchemaWatcher start(SourceConnections connections, Duration step) {
        return new SchemaWatcher(SteadySession.start(
                "schema-watcher",
                connections,
                step,
                new Comparisons(),
                failure -> LOG.warn("The catalogue cannot be compared with the log: {}", failure.getMessage())));
    }

    @Override
    public void close() {
        session.close();
    }

    /** What is remembered between two steps. */
    private static final class Comparisons implements SteadySession.Steps {
        private long steps;
        private long lastFailure;
        private boolean unfinished = true;

        @Override
        public void step(Connection connection) throws SQLException {
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
}
