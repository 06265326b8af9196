package dev.warung.intake.rows;

import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.value.PgSession;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.PGProperty;

/** Opens sessions in which rows are written for outlets. */
final class IntakeSession {

    private static final String CONNECT_SECONDS = "10";

    private IntakeSession() {}

    /** A session with manual commit that prints canonical texts and takes texts of unknown type. */
    static Connection open(PostgresUrl url, Duration lockWait) throws SQLException {
        Properties properties = new Properties();
        if (!url.user().isEmpty()) {
            PGProperty.USER.set(properties, url.user());
            PGProperty.PASSWORD.set(properties, url.password());
        }
        PGProperty.APPLICATION_NAME.set(properties, "warung intake");
        PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_SECONDS);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.STRING_TYPE.set(properties, "unspecified");
        PGProperty.BINARY_TRANSFER.set(properties, false);
        Connection connection = DriverManager.getConnection(url.jdbc(), properties);
        try (Statement statement = connection.createStatement()) {
            for (String sql : PgSession.PRINTS_CANONICAL) {
                statement.execute(sql);
            }
            // The application's triggers and clauses mean what they mean in its own sessions.
            statement.execute("reset search_path");
            statement.execute("set lock_timeout = " + lockWait.toMillis());
            statement.execute("set statement_timeout = '60s'");
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** PostgreSQL's clock, in microseconds since 1970. */
    static long nowUs(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select extract(epoch from pg_catalog.clock_timestamp())")) {
            result.next();
            return PostgresStore.micros(result.getString(1));
        }
    }

    /** Whether PostgreSQL remembers when transactions were committed. */
    static boolean hasCommitTimes(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("show track_commit_timestamp")) {
            return result.next() && result.getString(1).equals("on");
        }
    }
}
