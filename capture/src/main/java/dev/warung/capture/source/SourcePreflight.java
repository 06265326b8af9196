package dev.warung.capture.source;

import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.PositionRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** Reads what {@link Preflight} judges. */
public final class SourcePreflight {

    private static final String SERVER = """
            select pg_catalog.current_setting('server_version_num')::int / 10000,
                pg_catalog.current_setting('wal_level'),
                pg_catalog.pg_is_in_recovery(),
                pg_catalog.current_setting('server_encoding'),
                pg_catalog.current_setting('max_replication_slots')::int - (select count(*) from pg_catalog.pg_replication_slots),
                (select rolsuper or rolreplication from pg_catalog.pg_roles where rolname = current_user)
                    or exists (select from pg_catalog.pg_roles where rolname in ('rds_replication', 'azure_pg_admin', 'cloudsqlreplica')
                        and pg_catalog.pg_has_role(current_user, oid, 'member')),
                (select system_identifier::text from pg_catalog.pg_control_system()),
                (select timeline_id from pg_catalog.pg_control_checkpoint()),
                case when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn()
                    else pg_catalog.pg_current_wal_insert_lsn() end
            """;
    private static final String SLOT = """
            select plugin, temporary, database = pg_catalog.current_database(), confirmed_flush_lsn, coalesce(wal_status, 'unknown')
            from pg_catalog.pg_replication_slots where slot_name = ?
            """;
    private static final String PUBLICATION = """
            select oid::int8, not puballtables and pubinsert and pubupdate and pubdelete and pubtruncate and pubviaroot,
                array(select 'warung.' || c.name
                    from pg_catalog.unnest('{heartbeat,watermark,ddl_log,shapes,outlets,writes,ledger,conflicts,id_map,sync_log,outlet_sessions,outlet_copies}'::pg_catalog.text[])
                        with ordinality c (name, place)
                    where not exists (
                        select from pg_catalog.pg_publication_tables t
                        where t.pubname = p.pubname and t.schemaname = 'warung' and t.tablename = c.name)
                    order by c.place)
            from pg_catalog.pg_publication p where pubname = ?
            """;
    private static final String HEARTBEAT = "select counter, nonce from warung.heartbeat";
    private static final String MADE = "select publication_oid::int8, publication_made_at from warung.settings";

    private final SourceConnections connections;
    private final String slot;
    private final String publication;

    public SourcePreflight(SourceConnections connections, String slot, String publication) {
        this.connections = connections;
        this.slot = slot;
        this.publication = publication;
    }

    /**
     * Checks a server before an initial copy.
     *
     * @throws PipelineException if something is wrong, naming all of it
     */
    public PositionRecord.Server checkForCopy() {
        return check(Optional.empty());
    }

    /**
     * Checks that the stream can go on after the log's last commit.
     *
     * @param log the server as the log knows it
     * @throws PipelineException if it cannot, naming all reasons
     */
    public PositionRecord.Server checkForStream(Lsn commit, PositionRecord.Server log) {
        return check(Optional.of(new Preflight.Durable(commit, log)));
    }

    private PositionRecord.Server check(Optional<Preflight.Durable> durable) {
        PreflightReading reading;
        try (Connection connection = connections.open()) {
            reading = read(connection);
        } catch (SQLException e) {
            throw SnapshotCopy.failure("PostgreSQL cannot be checked", e);
        }
        new Preflight(slot, reading).require(durable);
        return new PositionRecord.Server(reading.systemId(), reading.timeline(), slot, 0, "");
    }

    PreflightReading read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(SERVER)) {
            result.next();
            return new PreflightReading(
                    new PreflightReading.Settings(
                            result.getInt(1),
                            result.getString(2),
                            result.getBoolean(3),
                            result.getString(4),
                            result.getInt(5)),
                    result.getBoolean(6),
                    result.getString(7),
                    result.getInt(8),
                    Lsn.parse(result.getString(9)),
                    heartbeat(connection),
                    publication(connection),
                    slot(connection));
        }
    }

    private Optional<SlotHealth.State> slot(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SLOT)) {
            statement.setString(1, slot);
            try (ResultSet result = statement.executeQuery()) {
                return result.next()
                        ? Optional.of(new SlotHealth.State(
                                slot,
                                String.valueOf(result.getString(1)),
                                result.getBoolean(2),
                                result.getBoolean(3),
                                Optional.ofNullable(result.getString(4)).map(Lsn::parse),
                                result.getString(5)))
                        : Optional.empty();
            }
        }
    }

    private Optional<PreflightReading.Publication> publication(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PUBLICATION)) {
            statement.setString(1, publication);
            try (ResultSet result = statement.executeQuery()) {
                if (!result.next()) {
                    return Optional.empty();
                }
                long oid = result.getLong(1);
                boolean fitting = result.getBoolean(2);
                List<String> lacking = List.of((String[]) result.getArray(3).getArray());
                Made made = made(connection);
                boolean known = made.oid().isEmpty() || made.oid().get() == oid;
                return Optional.of(new PreflightReading.Publication(fitting, lacking, known, made.at()));
            }
        }
    }

    /** The publication that set-up saw last, and where the WAL ended then. */
    private record Made(Optional<Long> oid, Lsn at) {}

    private static Made made(Connection connection) throws SQLException {
        if (!isMissing(connection, "settings")) {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(MADE)) {
                if (result.next()) {
                    return new Made(
                            Optional.ofNullable(result.getObject(1, Long.class)), Lsn.parse(result.getString(2)));
                }
            }
        }
        return new Made(Optional.empty(), Lsn.ZERO);
    }

    private static PreflightReading.Heartbeat heartbeat(Connection connection) throws SQLException {
        if (isMissing(connection, "heartbeat")) {
            return new PreflightReading.Heartbeat(0, "");
        }
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(HEARTBEAT)) {
            return result.next()
                    ? new PreflightReading.Heartbeat(result.getLong(1), result.getString(2))
                    : new PreflightReading.Heartbeat(0, "");
        }
    }

    private static boolean isMissing(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select pg_catalog.to_regclass(?) is null")) {
            statement.setString(1, "warung." + table);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }
}
