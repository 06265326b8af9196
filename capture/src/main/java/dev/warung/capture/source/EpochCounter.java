package dev.warung.capture.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Numbers the epochs in PostgreSQL, so that they grow even when Kafka has lost everything. */
public final class EpochCounter {

    private static final String NEXT =
            "update warung.settings set epoch = greatest(epoch, ?) + 1 where id = 1 returning epoch";

    private final SourceConnections connections;

    public EpochCounter(SourceConnections connections) {
        this.connections = connections;
    }

    /**
     * A number that no epoch had, neither of this server nor of the log.
     *
     * @param newest the log's newest epoch; 0 if it has none. A server that was restored to the past may know fewer
     */
    public int next(int newest) {
        try (Connection connection = connections.open();
                PreparedStatement statement = connection.prepareStatement(NEXT)) {
            statement.setInt(1, newest);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getInt(1);
            }
        } catch (SQLException e) {
            throw SnapshotCopy.failure("An epoch cannot be begun", e);
        }
    }
}
