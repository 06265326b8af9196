package dev.warung.capture.source;

import dev.warung.core.change.TableId;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.schema.ControlRows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes in PostgreSQL what capture needs: control schema, publication, replica identities, event triggers, role. May run again at
 * any time; it changes only what is missing.
 *
 * <p>Guarantees: each table joins in a transaction of its own that proves an UPDATE and a DELETE before it commits, so the
 * application's writes are never broken; a lock is never waited for longer than two seconds at a time.
 */
public final class SourceSetup {

    private static final int VERSION = 1;
    private static final int TRIES = 5;
    private static final String LOCK_TIMEOUT = "55P03";
    private static final String DEADLOCK = "40P01";

    private final Connection connection;
    private final SetupOptions options;
    private final List<String> steps = new ArrayList<>();

    private SourceSetup(Connection connection, SetupOptions options) {
        this.connection = connection;
        this.options = options;
    }

    /**
     * Sets everything up.
     *
     * @param connection of a superuser, or of an owner of the tables who may create schemas and publications; changed to manual commit
     * @throws PipelineException POSTGRES_NOT_READY if something is not allowed
     */
    public static SetupReport run(Connection connection, SetupOptions options) {
        try {
            connection.setAutoCommit(false);
            return new SourceSetup(connection, options).run();
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    /** The same in a session of its own, as the role that capture logs in as. */
    public static SetupReport run(SourceConnections connections, SetupOptions options) {
        try (Connection connection = connections.open()) {
            return run(connection, options);
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    private static PipelineException refused(SQLException e) {
        return new PipelineException(
                ErrorCode.POSTGRES_NOT_READY,
                "set-up was refused: " + e.getMessage()
                        + ". Give an administrator's --setup-url, or --set-up=false if it is set up already.",
                e);
    }

    private SetupReport run() throws SQLException {
        lockSetup();
        controlSchema();
        Publication publication = new Publication(connection, options.publication());
        Optional<String> made = publication.make();
        made.ifPresent(steps::add);
        execute(
                "update warung.settings s set publication_oid = p.oid, publication_made_at = pg_catalog.pg_current_wal_insert_lsn()"
                        + " from pg_catalog.pg_publication p"
                        + " where p.pubname = s.publication and s.publication_oid is distinct from p.oid");
        connection.commit();
        if (options.role().isPresent()) {
            new CaptureRole(connection, options.role().get())
                    .make(options.publication())
                    .forEach(steps::add);
            connection.commit();
        }
        boolean eventTriggers = eventTriggers();
        List<TableId> captured = new ArrayList<>();
        Map<TableId, String> refused = new TreeMap<>();
        lockSetup();
        for (Map.Entry<Long, TableId> candidate : Catalog.candidates(
                        connection, options.tables(), options.publication())
                .entrySet()) {
            TableId id = candidate.getValue();
            join(candidate.getKey(), id).ifPresentOrElse(reason -> refused.put(id, reason), () -> captured.add(id));
        }
        connection.commit();
        requireControlRows(refused);
        refused.forEach((id, reason) -> steps.add("left out " + id + ": " + reason));
        return new SetupReport(steps, captured, refused, eventTriggers);
    }

    /** Two set-ups at a time would trip over each other's DDL. The event triggers stay silent for our own commands. */
    private void lockSetup() throws SQLException {
        execute("select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('warung setup'))");
        execute("select pg_catalog.set_config('warung.busy', 'on', true)");
    }

    private void controlSchema() throws SQLException {
        boolean existed = exists("select from pg_catalog.pg_namespace where nspname = 'warung'");
        for (String sql : SqlResource.controlTables()) {
            execute(sql);
        }
        for (String sql : SqlResource.functions()) {
            execute(sql);
        }
        execute("revoke all on all functions in schema warung from public");
        Optional<String> other = text("select publication from warung.settings");
        if (other.isPresent() && !other.get().equals(options.publication())) {
            throw new PipelineException(
                    ErrorCode.POSTGRES_NOT_READY,
                    "this database is captured through the publication " + other.get() + ", not "
                            + options.publication() + ": give that name, or drop the schema warung first.");
        }
        try (PreparedStatement statement = connection.prepareStatement("""
                insert into warung.settings (version, publication, include, exclude, role) values (?, ?, ?, ?, ?)
                on conflict (id) do update set version = excluded.version, include = excluded.include,
                    exclude = excluded.exclude, role = coalesce(excluded.role, settings.role)
                """)) {
            statement.setInt(1, VERSION);
            statement.setString(2, options.publication());
            statement.setString(3, options.tables().includeRegex());
            statement.setString(4, options.tables().excludeRegex());
            statement.setString(5, options.role().map(SetupOptions.Role::name).orElse(null));
            statement.executeUpdate();
        }
        execute("delete from warung.held");
        execute("delete from warung.ddl_log where at < pg_catalog.now() - interval 'P35D'");
        if (!existed) {
            steps.add("made the control schema warung");
        }
    }

    /** Without these the pre-flight would refuse to start, and only a set-up puts them in. */
    private static void requireControlRows(Map<TableId, String> refused) {
        for (TableId table : ControlRows.TABLES) {
            if (refused.containsKey(table)) {
                throw new PipelineException(
                        ErrorCode.POSTGRES_NOT_READY, table + " cannot be captured: " + refused.get(table) + ".");
            }
        }
    }

    private boolean eventTriggers() throws SQLException {
        lockSetup();
        boolean existed = exists("select from pg_catalog.pg_event_trigger where evtname = 'warung_command'");
        try {
            if (!existed) {
                for (String sql : SqlResource.eventTriggers()) {
                    execute(sql);
                }
                steps.add("made the event triggers warung_command, warung_drop and warung_rewrite");
            }
            connection.commit();
            return true;
        } catch (SQLException e) {
            connection.rollback();
            steps.add("no event triggers (" + firstLine(e)
                    + "): schema changes are found by polling, and lead to a copy of the table");
            return false;
        }
    }

    /** Lets a table join the publication, unless it is refused; empty if it is a member afterwards. */
    private Optional<String> join(long oid, TableId id) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            connection.commit();
            lockSetup();
            execute("set local lock_timeout = '2s'");
            try {
                Optional<SourceTable> found =
                        Catalog.describe(connection, List.of(oid)).stream().findFirst();
                if (found.isEmpty()) {
                    return Optional.of("it is gone");
                }
                SourceTable table = found.get();
                log(oid);
                if (table.shape().refusal().isEmpty()) {
                    UpdateProof.of(connection, table).run();
                    boolean member = table.publications().contains(options.publication());
                    steps.add((member ? "checked " : "captured ") + id + notes(table));
                }
                connection.commit();
                return table.shape().refusal();
            } catch (SQLException e) {
                connection.rollback();
                boolean busy = LOCK_TIMEOUT.equals(e.getSQLState()) || DEADLOCK.equals(e.getSQLState());
                if (!busy || attempt == TRIES) {
                    return Optional.of(busy ? "it was locked all the time; it joins by itself later" : hold(oid, e));
                }
            }
        }
    }

    private String hold(long oid, SQLException refusal) throws SQLException {
        String reason = "its updates would fail: " + firstLine(refusal);
        lockSetup();
        try (PreparedStatement statement = connection.prepareStatement(
                "insert into warung.held (oid, reason) values (?::pg_catalog.text::pg_catalog.oid, ?)"
                        + " on conflict (oid) do update set reason = excluded.reason")) {
            statement.setString(1, Long.toString(oid));
            statement.setString(2, reason);
            statement.executeUpdate();
        }
        log(oid);
        connection.commit();
        return reason;
    }

    private void log(long oid) throws SQLException {
        execute("select warung.log_tables('SETUP', array[" + oid + "]::pg_catalog.oid[], '{}', '[]')");
    }

    private static String notes(SourceTable table) {
        return table.notes().isEmpty() ? "" : " (" + String.join("; ", table.notes()) + ")";
    }

    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private boolean exists(String query) throws SQLException {
        return text(query.replaceFirst("^select", "select 1")).isPresent();
    }

    private Optional<String> text(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            return result.next() ? Optional.ofNullable(result.getString(1)) : Optional.empty();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
