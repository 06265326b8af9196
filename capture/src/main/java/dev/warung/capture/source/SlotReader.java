package dev.warung.capture.source;

import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.PipelineException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Reads where a slot and its server stand, and ends who streams from it. */
public final class SlotReader {

    private static final String SLOT = """
            select s.confirmed_flush_lsn, coalesce(s.wal_status, 'unknown'), s.active,
                coalesce(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), s.restart_lsn), 0)::bigint,
                pg_catalog.pg_current_wal_lsn()
            from pg_catalog.pg_replication_slots s where s.slot_name = ?
            """;
    private static final String TERMINATE = """
            select pg_catalog.pg_terminate_backend(active_pid, 10000) from pg_catalog.pg_replication_slots
            where slot_name = ? and active_pid is not null
            """;
    private static final String SERVER = """
            select (select system_identifier::text from pg_catalog.pg_control_system()),
                (select timeline_id from pg_catalog.pg_control_checkpoint())
            """;

    private final SourceConnections connections;
    private final String slot;

    public SlotReader(SourceConnections connections, String slot) {
        this.connections = connections;
        this.slot = slot;
    }

    /**
     * A slot at a moment.
     *
     * @param confirmed what PostgreSQL was told is safe; empty if the slot is lost
     * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}
     * @param retainedBytes log kept for it
     */
    public record Position(Optional<Lsn> confirmed, String walStatus, boolean active, long retainedBytes, Lsn walEnd) {}

    /** Which server and which of its histories. */
    public record Server(String systemId, int timeline) {}

    /** The slot; empty if there is none of this name. */
    public Optional<Position> read() {
        try (Connection connection = connections.open();
                PreparedStatement statement = connection.prepareStatement(SLOT)) {
            statement.setString(1, slot);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? Optional.of(position(result)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw failure("The slot cannot be read", e);
        }
    }

    public Server server() {
        try (Connection connection = connections.open();
                PreparedStatement statement = connection.prepareStatement(SERVER);
                ResultSet result = statement.executeQuery()) {
            result.next();
            return new Server(result.getString(1), result.getInt(2));
        } catch (SQLException e) {
            throw failure("The server's identity cannot be read", e);
        }
    }

    /** Ends the session that streams from the slot, if there is one. */
    public void free() {
        try (Connection connection = connections.open();
                PreparedStatement statement = connection.prepareStatement(TERMINATE)) {
            statement.setString(1, slot);
            statement.executeQuery().close();
        } catch (SQLException e) {
            throw failure("The session that streams from the slot cannot be ended", e);
        }
    }

    /** How old the heartbeat row is, in milliseconds; empty if there is none. */
    public Optional<Long> heartbeatAgeMs() {
        try (Connection connection = connections.open();
                PreparedStatement statement = connection.prepareStatement(
                        "select (extract(epoch from pg_catalog.clock_timestamp() - at) * 1000)::bigint from warung.heartbeat");
                ResultSet result = statement.executeQuery()) {
            return result.next() ? Optional.of(result.getLong(1)) : Optional.empty();
        } catch (SQLException e) {
            if ("42P01".equals(e.getSQLState()) || "3F000".equals(e.getSQLState())) {
                return Optional.empty();
            }
            throw failure("The heartbeat row cannot be read", e);
        }
    }

    private static Position position(ResultSet result) throws SQLException {
        return new Position(
                Optional.ofNullable(result.getString(1)).map(Lsn::parse),
                result.getString(2),
                result.getBoolean(3),
                result.getLong(4),
                Lsn.parse(result.getString(5)));
    }

    private static PipelineException failure(String what, SQLException e) {
        return SnapshotCopy.failure(what, e);
    }
}
