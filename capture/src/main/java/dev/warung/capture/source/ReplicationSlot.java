package dev.warung.capture.source;

import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The logical slot, by name. */
public record ReplicationSlot(String name) {

    private static final int WITH_OPTIONS = 15;
    private static final int WITH_FAILOVER = 17;

    /**
     * A new slot.
     *
     * @param consistentPoint every commit before it is in the snapshot, none after
     * @param snapshot name of the exported snapshot, good until the next command of the session
     */
    record Created(Lsn consistentPoint, String snapshot) {}

    /** Makes the slot and exports its snapshot. This waits until every transaction that is running now has ended. */
    Created create(Connection replication, int serverVersion, boolean failover) throws SQLException {
        String options = serverVersion < WITH_OPTIONS
                ? "EXPORT_SNAPSHOT"
                : serverVersion >= WITH_FAILOVER && failover
                        ? "(SNAPSHOT 'export', FAILOVER true)"
                        : "(SNAPSHOT 'export')";
        String sql = "CREATE_REPLICATION_SLOT " + TableId.quote(name) + " LOGICAL pgoutput " + options;
        try (Statement statement = replication.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return new Created(Lsn.parse(result.getString("consistent_point")), result.getString("snapshot_name"));
        }
    }

    /** Removes the slot if there is one; ends whoever streams from it. True if there was one. */
    public boolean drop(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select pg_catalog.pg_terminate_backend(active_pid, 5000) from pg_catalog.pg_replication_slots"
                        + " where slot_name = ? and active_pid is not null")) {
            statement.setString(1, name);
            statement.executeQuery().close();
        }
        try (PreparedStatement statement = connection.prepareStatement(
                "select pg_catalog.pg_drop_replication_slot(slot_name) from pg_catalog.pg_replication_slots where slot_name = ?")) {
            statement.setString(1, name);
            try (ResultSet result = statement.executeQuery()) {
                return result.next();
            }
        }
    }
}
