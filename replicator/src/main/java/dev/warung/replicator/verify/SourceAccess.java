package dev.warung.replicator.verify;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.value.PgSession;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.postgresql.PGProperty;

/** Opens sessions on the PostgreSQL that the backup is compared with; {@code url} names the captured database. */
record SourceAccess(PostgresUrl url) {

    private static final String APPLICATION = "warung verify";
    private static final String CONNECT_SECONDS = "10";

    /** A session that prints canonical text, sees all rows or fails, and is not ended by a time limit of the role. */
    Connection open() {
        try {
            Connection connection = DriverManager.getConnection(url.jdbc(), properties());
            try (Statement statement = connection.createStatement()) {
                for (String sql : PgSession.READS_EVERYTHING) {
                    statement.execute(sql);
                }
                return connection;
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    /** A session that takes replication commands. */
    Connection openReplication() {
        Properties properties = properties();
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "12");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        try {
            return DriverManager.getConnection(url.jdbc(), properties);
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private Properties properties() {
        Properties properties = new Properties();
        if (!url.user().isEmpty()) {
            PGProperty.USER.set(properties, url.user());
        }
        if (!url.password().isEmpty()) {
            PGProperty.PASSWORD.set(properties, url.password());
        }
        PGProperty.APPLICATION_NAME.set(properties, APPLICATION);
        PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_SECONDS);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        return properties;
    }

    private static PipelineException unreachable(SQLException e) {
        return new PipelineException(
                ErrorCode.VERIFY_IMPOSSIBLE, "PostgreSQL refused or did not answer: " + e.getMessage() + ".", e);
    }
}
