package dev.warung.intake.rows;

import dev.warung.core.change.TableId;
import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.upload.Upload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The role that intake logs in as, with as few rights as it needs: an administrator's session makes it, and grants it the tables that outlets
 * may write when the first op of one comes.
 *
 * <p>Thread: one.
 */
public final class IntakeRole {

    private static final Logger LOG = LoggerFactory.getLogger(IntakeRole.class);
    private static final Duration LOCK_WAIT = Duration.ofSeconds(10);

    /** The sequences that give a table's columns their values; an identity column needs no right to its own. */
    private static final String SEQUENCES = """
            select pg_catalog.format('%I.%I', n.nspname, s.relname)
            from pg_catalog.pg_depend d
            join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
            join pg_catalog.pg_namespace n on n.oid = s.relnamespace
            where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass
                and d.deptype = 'a' and d.refobjid = pg_catalog.to_regclass(?)
            """;

    /** What intake keeps of uploads, as far as the database has it. */
    private static final List<String> WRITTEN =
            List.of("ledger", "conflicts", "id_map", "sync_log", "outlet_sessions", "outlet_copies");

    private static final String KEPT =
            "select tablename from pg_catalog.pg_tables where schemaname = 'warung' and tablename = any (string_to_array(?, ','))";

    private final PostgresUrl administrator;
    private final PostgresUrl role;
    private final Set<TableId> known = new HashSet<>();
    private boolean isMade;

    /** @param role with the password that it gets when it is made */
    public IntakeRole(PostgresUrl administrator, PostgresUrl role) {
        this.administrator = administrator;
        this.role = role;
    }

    /**
     * Before the role logs in.
     *
     * @throws SQLException if the administrator cannot do it now
     */
    void make() throws SQLException {
        if (!isMade) {
            grant();
            isMade = true;
        }
    }

    /** Before an upload is applied: it may be the first one that names a table. */
    void prepareFor(Upload upload) throws SQLException {
        Set<TableId> named = new HashSet<>();
        upload.groups().forEach(group -> group.ops().forEach(op -> named.add(op.table())));
        if (!known.containsAll(named)) {
            grant();
            known.addAll(named);
        }
    }

    private void grant() throws SQLException {
        try (Connection connection = IntakeSession.open(administrator, LOCK_WAIT)) {
            String name = TableId.quote(role.user());
            try (Statement statement = connection.createStatement()) {
                if (!exists(connection)) {
                    statement.execute("create role " + name + " login");
                    statement.execute("set local password_encryption = 'scram-sha-256'");
                    statement.execute("alter role " + name + " password '"
                            + role.password().replace("'", "''") + "'");
                    LOG.info("Made the role {}", role.user());
                }
                statement.execute(
                        "grant connect on database " + TableId.quote(connection.getCatalog()) + " to " + name);
                statement.execute("grant usage on schema warung to " + name);
                statement.execute("grant select on warung.shapes, warung.writes to " + name);
                statement.execute("grant select, update on warung.outlets to " + name);
                statement.execute("grant select, insert, update, delete on warung.row_time to " + name);
            }
            for (String table : texts(connection, KEPT, String.join(",", WRITTEN))) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("grant select, insert, update on warung." + table + " to " + name);
                }
            }
            for (TableId table : written(connection)) {
                grant(connection, table, name);
                known.add(table);
            }
            connection.commit();
        }
    }

    private static void grant(Connection connection, TableId table, String name) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("grant usage on schema " + TableId.quote(table.schema()) + " to " + name);
            statement.execute("grant select, insert, update, delete on " + table.quoted() + " to " + name);
        }
        for (String sequence : texts(connection, SEQUENCES, table.quoted())) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("grant usage on sequence " + sequence + " to " + name);
            }
        }
    }

    private boolean exists(Connection connection) throws SQLException {
        return !texts(connection, "select rolname from pg_catalog.pg_roles where rolname = ?", role.user())
                .isEmpty();
    }

    /** Tables that outlets may write, and that are there. */
    private static List<TableId> written(Connection connection) throws SQLException {
        return texts(
                        connection,
                        "select table_name from warung.writes w where exists (select from pg_catalog.pg_class c"
                                + " join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
                                + " where n.nspname || '.' || c.relname = w.table_name and w.table_name like ?)",
                        "%")
                .stream()
                .map(TableId::parse)
                .toList();
    }

    private static List<String> texts(Connection connection, String sql, String value) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, value);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    texts.add(row.getString(1));
                }
            }
        }
        return texts;
    }
}
