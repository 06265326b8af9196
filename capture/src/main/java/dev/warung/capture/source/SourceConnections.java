package dev.warung.capture.source;

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

/** Opens sessions of the captured database that print canonical text and see all rows. */
public record SourceConnections(PostgresUrl url) {

    private static final String CONNECT_SECONDS = "10";
    private static final String APPLICATION = "warung capture";

    /**
     * A session with automatic commit.
     *
     * @throws PipelineException POSTGRES_UNREACHABLE
     */
    public Connection open() {
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
            throw new PipelineException(ErrorCode.POSTGRES_UNREACHABLE, url + ": " + e.getMessage() + ".", e);
        }
    }

    /**
     * A session that takes replication commands.
     *
     * @throws PipelineException POSTGRES_UNREACHABLE
     */
    public Connection openReplication() {
        Properties properties = properties();
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        try {
            return DriverManager.getConnection(url.jdbc(), properties);
        } catch (SQLException e) {
            throw new PipelineException(ErrorCode.POSTGRES_UNREACHABLE, url + ": " + e.getMessage() + ".", e);
        }
    }

    private Properties properties() {
        Properties properties = new Properties();
        if (!url.user().isEmpty()) {
            PGProperty.USER.set(properties, url.user());
            PGProperty.PASSWORD.set(properties, url.password());
        }
        PGProperty.APPLICATION_NAME.set(properties, APPLICATION);
        PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_SECONDS);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        return properties;
    }
}
