package dev.warung.capture.source;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/**
 * Says in PostgreSQL which process captures (I10).
 *
 * <p>Who takes over ends the other's session before Kafka tells the other that it was fenced. The other must not take that for a failure to
 * recover from: two captures would take over from each other for ever.
 */
public final class Holder {

    private static final String TAKE = "update warung.settings set holder = ? where id = 1";
    private static final String HELD = "select holder = ? from warung.settings where id = 1";

    private final SourceConnections connections;
    private final UUID process = UUID.randomUUID();
    private volatile boolean taken;

    public Holder(SourceConnections connections) {
        this.connections = connections;
    }

    /** From now on this process captures. */
    public void take() {
        try (Connection connection = connections.open();
                PreparedStatement statement = connection.prepareStatement(TAKE)) {
            statement.setObject(1, process);
            statement.executeUpdate();
            taken = true;
        } catch (SQLException e) {
            throw SnapshotCopy.failure("Capture cannot be taken over", e);
        }
    }

    /** Whether this process ever took it. */
    public boolean hasTaken() {
        return taken;
    }

    /** @throws PipelineException FENCED if another process took over since */
    public void requireHeld() {
        try (Connection connection = connections.open();
                PreparedStatement statement = connection.prepareStatement(HELD)) {
            statement.setObject(1, process);
            try (ResultSet result = statement.executeQuery()) {
                if (!result.next() || !result.getBoolean(1)) {
                    throw new PipelineException(ErrorCode.FENCED, "Another capture took over.");
                }
            }
        } catch (SQLException e) {
            throw SnapshotCopy.failure("It cannot be read who captures", e);
        }
    }
}
