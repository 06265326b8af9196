package dev.warung.bench.reader;

import dev.warung.core.runtime.PostgresUrl;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;

/**
 * PostgreSQL's logical replication as the driver gives it: messages of pgoutput, and nothing done with them but looking at their type.
 *
 * <p>Thread: one reads; {@link #close} may come from another.
 */
public final class ReplicationClient implements AutoCloseable {
    private static final int STATUS_SECONDS = 10;

    /** A COMMIT message: type, flags (1 byte), commit LSN (8), end LSN (8), then microseconds since 2000-01-01. */
    private static final int COMMIT_TIME_AT = 18;

    private static final long SECONDS_1970_TO_2000 = 946_684_800L;

    private final Connection connection;
    private final PGReplicationStream stream;

    /** Takes what was read; each method is called on the reading thread. */
    public interface Listener {
        /** A row was inserted. */
        void inserted();

        /** A transaction has ended. */
        void committed(long atUs);
    }

    private ReplicationClient(Connection connection, PGReplicationStream stream) {
        this.connection = connection;
        this.stream = stream;
    }

    /** Begins to read where the slot stands. */
    public static ReplicationClient start(PostgresUrl server, String slot, String publication) throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, server.user());
        PGProperty.PASSWORD.set(properties, server.password());
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        Connection connection = DriverManager.getConnection(server.jdbc(), properties);
        try {
            return new ReplicationClient(
                    connection,
                    connection
                            .unwrap(PGConnection.class)
                            .getReplicationAPI()
                            .replicationStream()
                            .logical()
                            .withSlotName(slot)
                            .withSlotOption("proto_version", 1)
                            .withSlotOption("publication_names", publication)
                            .withStatusInterval(STATUS_SECONDS, TimeUnit.SECONDS)
                            .start());
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Reads until the connection ends. */
    public void read(Listener listener) throws SQLException {
        while (true) {
            ByteBuffer message = stream.read();
            if (message == null) {
                continue;
            }
            int start = message.position();
            byte type = message.get(start);
            if (type == 'I') {
                listener.inserted();
            } else if (type == 'C') {
                stream.setAppliedLSN(stream.getLastReceiveLSN());
                stream.setFlushedLSN(stream.getLastReceiveLSN());
                listener.committed(message.getLong(start + COMMIT_TIME_AT) + SECONDS_1970_TO_2000 * 1_000_000);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
