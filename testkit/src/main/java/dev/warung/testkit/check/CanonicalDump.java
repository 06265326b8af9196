package dev.warung.testkit.check;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The content of a replica, free of order and of Warung's own tables: table → its DDL, its indexes and its sorted rows. */
public record CanonicalDump(Map<String, List<String>> tables) {

    public static CanonicalDump of(Path sqliteFile) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + sqliteFile)) {
            connection.setAutoCommit(false);
            Map<String, List<String>> tables = new TreeMap<>();
            for (String table : tableNames(connection)) {
                List<String> lines = new ArrayList<>(definition(connection, table));
                lines.addAll(rows(connection, table));
                tables.put(table, lines);
            }
            return new CanonicalDump(tables);
        }
    }

    private static List<String> tableNames(Connection connection) throws SQLException {
        return query(
                connection,
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_warung%' ESCAPE '\\'"
                        + " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name");
    }

    /** Columns and index columns by pragma, since the SQL text of an altered table differs from that of a new one. */
    private static List<String> definition(Connection connection, String table) throws SQLException {
        String name = "'" + table.replace("'", "''") + "'";
        List<String> lines = query(
                connection,
                "SELECT 'column ' || name || ' ' || type || ' ' || \"notnull\" || ' ' || pk FROM pragma_table_info("
                        + name + ") ORDER BY name");
        lines.addAll(
                query(
                        connection,
                        "SELECT 'index ' || il.name || ' ' || group_concat(ii.name, ',') FROM pragma_index_list(" + name
                                + ") il, pragma_index_info(il.name) ii WHERE il.origin = 'c' GROUP BY il.name ORDER BY il.name"));
        return lines;
    }

    private static List<String> rows(Connection connection, String table) throws SQLException {
        List<String> columns = query(
                connection, "SELECT name FROM pragma_table_info('" + table.replace("'", "''") + "') ORDER BY name");
        List<String> rows = new ArrayList<>();
        String list =
                String.join(", ", columns.stream().map(CanonicalDump::quote).toList());
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT " + list + " FROM " + quote(table))) {
            while (result.next()) {
                StringBuilder row = new StringBuilder("row");
                for (int i = 1; i <= columns.size(); i++) {
                    row.append(" | ").append(text(result.getObject(i)));
                }
                rows.add(row.toString());
            }
        }
        Collections.sort(rows);
        return rows;
    }

    private static String text(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        return value instanceof byte[] bytes
                ? "blob:" + HexFormat.of().formatHex(bytes)
                : value.getClass().getSimpleName() + ":" + value;
    }

    private static List<String> query(Connection connection, String sql) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                lines.add(result.getString(1));
            }
        }
        return lines;
    }

    private static String quote(String identifier) {
        return "\"" + identifier.replace("\"", "\"\"") + "\"";
    }
}
