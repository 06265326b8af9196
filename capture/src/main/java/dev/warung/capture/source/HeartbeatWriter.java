package dev.warung.capture.source;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
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

    private final SteadySession session;

    private HeartbeatWriter(SteadySession session) {
        this.session = session;
    }

    public static HeartbeatWriter start(SourceConnections connections, Duration interval) {
        return new HeartbeatWriter(SteadySession.start(
                "heartbeat",
                connections,
                interval,
                new Beats(),
                failure -> LOG.warn("No heartbeat: {}", failure.getMessage())));
    }

    private static final class Beats implements SteadySession.Steps {
        @Override
        public void begin(Connection connection) throws SQLException {
            execute(connection, "set statement_timeout = '10s'");
        }

        @Override
        public void step(Connection connection) throws SQLException {
            execute(connection, BEAT);
        }
    }

    /** Beats once in a session of its own. */
    public static void beat(SourceConnections connections) {
        try (Connection connection = connections.open()) {
            execute(connection, BEAT);
        } catch (SQLException e) {
            throw new PipelineException(ErrorCode.POSTGRES_NOT_READY, "No heartbeat: " + e.getMessage() + ".", e);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
