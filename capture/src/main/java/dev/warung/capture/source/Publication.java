package dev.warung.capture.source;

import dev.warung.core.change.TableId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The publication with an explicit list of tables, the control tables first: a publication of all tables breaks updates (facts F6). */
record Publication(Connection connection, String name) {

    private static final List<String> CONTROL_TABLES = List.of("heartbeat", "watermark", "ddl_log");
    private static final int STORED_GENERATED_COLUMNS = 180_000;

    /** Makes it, or mends its options; says what was done, if anything. */
    Optional<String> make() throws SQLException {
        String quoted = TableId.quote(name);
        List<String> options = new ArrayList<>(
                List.of("publish = 'insert, update, delete, truncate'", "publish_via_partition_root = true"));
        if (connection.getMetaData().getDatabaseMajorVersion() * 10_000 >= STORED_GENERATED_COLUMNS) {
            options.add("publish_generated_columns = stored");
        }
        String with = String.join(", ", options);
        boolean existed = exists("select from pg_catalog.pg_publication where pubname = " + literal(name));
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    existed
                            ? "alter publication " + quoted + " set (" + with + ")"
                            : "create publication " + quoted + " with (" + with + ")");
            for (String table : CONTROL_TABLES) {
                if (!exists("select from pg_catalog.pg_publication_tables where schemaname = 'warung' and tablename = '"
                        + table + "' and pubname = " + literal(name))) {
                    statement.execute("alter publication " + quoted + " add table only warung." + table);
                }
            }
        }
        return existed ? Optional.empty() : Optional.of("made the publication " + name);
    }

    private boolean exists(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            return result.next();
        }
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
