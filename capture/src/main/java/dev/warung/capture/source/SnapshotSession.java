package dev.warung.capture.source;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Sessions that see an exported snapshot. */
final class SnapshotSession {

    private SnapshotSession() {}

    /** Opens one; its transaction lasts until it is closed. */
    static Connection open(SourceConnections connections, String snapshot) throws SQLException {
        Connection connection = connections.open();
        try {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            try (Statement statement = connection.createStatement()) {
                statement.execute("set transaction snapshot '" + snapshot.replace("'", "''") + "'");
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
