package dev.warung.capture.source;

import dev.warung.core.change.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The role that capture logs in as, with as few rights as it needs; it reads tables that join, and writes in schema warung only. */
record CaptureRole(Connection connection, SetupOptions.Role role) {

    /** Makes the role if it is missing and grants its rights; says what was done. */
    List<String> make(String publication) throws SQLException {
        List<String> steps = new ArrayList<>();
        String name = TableId.quote(role.name());
        try (Statement statement = connection.createStatement()) {
            if (!exists()) {
                statement.execute("create role " + name + " login replication");
                statement.execute("set local password_encryption = 'scram-sha-256'");
                statement.execute(
                        "alter role " + name + " password '" + role.password().replace("'", "''") + "'");
                steps.add("made the role " + role.name());
            }
            statement.execute("grant connect on database " + TableId.quote(connection.getCatalog()) + " to " + name);
            statement.execute("grant usage on schema warung to " + name);
            statement.execute("grant select on all tables in schema warung to " + name);
            statement.execute("grant insert, update on warung.heartbeat, warung.watermark to " + name);
            // for the commands that manage shapes and outlets
            statement.execute(
                    "grant insert, update, delete on warung.shapes, warung.outlets, warung.writes to " + name);
            statement.execute("grant update (epoch, holder) on warung.settings to " + name);
            statement.execute("grant delete on warung.ddl_log to " + name);
            statement.execute("grant execute on function warung.poll(), warung.describe(oid[], boolean) to " + name);
            for (String table : members(publication)) {
                statement.execute("grant select on " + table + " to " + name);
            }
        }
        return steps;
    }

    private boolean exists() throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select from pg_catalog.pg_roles where rolname = ?")) {
            statement.setString(1, role.name());
            try (ResultSet result = statement.executeQuery()) {
                return result.next();
            }
        }
    }

    private List<String> members(String publication) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select pg_catalog.format('%I.%I', schemaname, tablename) from pg_catalog.pg_publication_tables where pubname = ?")) {
            statement.setString(1, publication);
            List<String> members = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    members.add(result.getString(1));
                }
            }
            return members;
        }
    }
}
