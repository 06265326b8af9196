package dev.warung.stack.demo;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.Column;
import dev.warung.core.shape.BoundShape;
import dev.warung.core.shape.BoundTable;
import dev.warung.core.shape.Outlet;
import dev.warung.stack.fleet.Fleet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether an outlet's file holds exactly its shapes: the keys that PostgreSQL's own SELECT gives, with the content that the backup has, which
 * is compared with PostgreSQL on its own.
 */
record OutletCheck(Connection postgres, Path backup, Path file) {
    /** Not a cast. */
    private static final Pattern PARAMETER = Pattern.compile("(?<![:\\w]):([a-z_][a-z0-9_]*)");

    private static final int SHOWN = 3;

    List<String> differences(Fleet fleet, Outlet outlet) throws SQLException {
        if (!Files.exists(file)) {
            return List.of(outlet.code() + " has no file yet");
        }
        List<String> found = new ArrayList<>();
        try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite:file:" + backup + "?mode=ro");
                Statement statement = sqlite.createStatement()) {
            statement.execute("ATTACH 'file:" + file + "?mode=ro' AS outlet");
            for (BoundShape shape : fleet.bound()) {
                if (shape.instance(outlet.bindings()).isEmpty()) {
                    continue;
                }
                for (int i = 0; i < shape.tables().size(); i++) {
                    String where = shape.shape().tables().get(i).where().orElse("true");
                    found.addAll(compare(statement, outlet, shape.tables().get(i), where));
                }
            }
        }
        return found;
    }

    private List<String> compare(Statement sqlite, Outlet outlet, BoundTable table, String where) throws SQLException {
        TableId id = table.table().id();
        String name = TableId.quote(id.replicaName());
        List<String> found = new ArrayList<>();
        if (!isThere(sqlite, id.replicaName())) {
            return List.of(outlet.code() + " has no table " + id.replicaName() + " yet");
        }
        String columns =
                table.columns().stream().map(Column::name).map(TableId::quote).collect(Collectors.joining(", "));
        TreeSet<String> wanted = keys(
                postgres,
                "select (" + key(table, "::text") + ") from " + id.quoted() + " where "
                        + bind(where, outlet.attributes()));
        TreeSet<String> held = new TreeSet<>();
        try (ResultSet rows = sqlite.executeQuery("SELECT " + key(table, "") + " FROM outlet." + name)) {
            while (rows.next()) {
                held.add(rows.getString(1));
            }
        }
        if (!wanted.equals(held)) {
            TreeSet<String> missing = new TreeSet<>(wanted);
            missing.removeAll(held);
            TreeSet<String> extra = new TreeSet<>(held);
            extra.removeAll(wanted);
            found.add(outlet.code() + ", table " + id + ": " + held.size() + " rows, not " + wanted.size()
                    + "; missing " + first(missing) + ", extra " + first(extra));
        }
        try (ResultSet rows = sqlite.executeQuery("SELECT " + key(table, "") + " FROM (SELECT " + columns
                + " FROM outlet." + name + " EXCEPT SELECT " + columns + " FROM main." + name + ") LIMIT " + SHOWN)) {
            while (rows.next()) {
                found.add(outlet.code() + ", table " + id + ": row " + rows.getString(1) + " has other content");
            }
        }
        return found;
    }

    private static boolean isThere(Statement sqlite, String table) throws SQLException {
        try (ResultSet row = sqlite.executeQuery("SELECT 1 FROM outlet.sqlite_schema WHERE type = 'table' AND name = '"
                + table.replace("'", "''") + "'")) {
            return row.next();
        }
    }

    private static TreeSet<String> keys(Connection connection, String sql) throws SQLException {
        TreeSet<String> keys = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                keys.add(rows.getString(1));
            }
        }
        return keys;
    }

    private static String key(BoundTable table, String cast) {
        return table.table().key().stream()
                .map(column -> TableId.quote(column) + cast)
                .collect(Collectors.joining(" || '/' || "));
    }

    /** The clause with the outlet's attributes as strings, which take the type of what they stand beside. */
    private static String bind(String where, Map<String, String> attributes) {
        return PARAMETER
                .matcher(where)
                .replaceAll(match -> Matcher.quoteReplacement(
                        "'" + attributes.getOrDefault(match.group(1), "").replace("'", "''") + "'"));
    }

    private static List<String> first(TreeSet<String> keys) {
        return keys.stream().limit(SHOWN).toList();
    }
}
