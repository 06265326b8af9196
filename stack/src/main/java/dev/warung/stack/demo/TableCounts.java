package dev.warung.stack.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The number of rows of each table on both sides; the two are not read at the same moment. */
final class TableCounts {
    /** -1 where a side does not have the table. */
    record Count(long source, long backup) {}

    private static final String TABLES = "select n.nspname, c.relname from pg_class c"
            + " join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and not c.relispartition"
            + " and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'warung') order by 1, 2";

    private TableCounts() {}

    static Map<String, Count> read(Connection source, Path backup) throws SQLException {
        Map<String, Long> left = source(source);
        Map<String, Long> right = backup(backup, left);
        Map<String, Count> counts = new TreeMap<>();
        left.forEach((table, rows) -> counts.put(table, new Count(rows, right.getOrDefault(table, -1L))));
        return counts;
    }

    private static Map<String, Long> source(Connection connection) throws SQLException {
        Map<String, String> names = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(TABLES)) {
            while (rows.next()) {
                String schema = rows.getString(1);
                String table = rows.getString(2);
                names.put(schema.equals("public") ? table : schema + "." + table, quoted(schema) + "." + quoted(table));
            }
        }
        Map<String, Long> counts = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement()) {
            for (Map.Entry<String, String> name : names.entrySet()) {
                counts.put(name.getKey(), count(statement, name.getValue()));
            }
        }
        return counts;
    }

    private static Map<String, Long> backup(Path file, Map<String, Long> wanted) throws SQLException {
        Map<String, Long> counts = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return counts;
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toUri() + "?mode=ro");
                Statement statement = connection.createStatement()) {
            for (String table : wanted.keySet()) {
                try {
                    counts.put(table, count(statement, quoted(table)));
                } catch (SQLException notThere) {
                    counts.put(table, -1L);
                }
            }
        }
        return counts;
    }

    private static long count(Statement statement, String table) throws SQLException {
        try (ResultSet row = statement.executeQuery("select count(*) from " + table)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
