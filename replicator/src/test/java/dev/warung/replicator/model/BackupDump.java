package dev.warung.replicator.model;

import dev.warung.core.schema.Column;
import dev.warung.core.value.PgValues;
import dev.warung.replicator.backup.VisibleTable;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a backup shows at one moment, as another process reads it: its position, and its rows by table. */
public record BackupDump(String position, Map<String, List<String>> tables) {

    public static BackupDump of(Path file) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                String position = position(statement);
                if (position.isEmpty()) {
                    return new BackupDump("", Map.of());
                }
                Map<String, List<String>> tables = new TreeMap<>();
                for (VisibleTable table : VisibleTable.read(connection)) {
                    tables.put(header(table), rows(statement, table));
                }
                return new BackupDump(position, tables);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The change id up to which the file holds everything; empty if it holds nothing. */
    public static String positionOf(Path file) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            return position(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String position(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT name FROM sqlite_master WHERE name = '_warung_position'")) {
            if (!row.next()) {
                return "";
            }
        }
        try (ResultSet row = statement.executeQuery("SELECT change_id FROM _warung_position")) {
            return row.next() ? row.getString(1) : "";
        }
    }

    static String header(VisibleTable table) {
        return table.name() + table.columns();
    }

    private static List<String> rows(Statement statement, VisibleTable table) throws SQLException {
        String columns = table.columns().stream()
                .map(c -> '"' + c.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(","));
        List<Column> types = table.schema().copiedColumns();
        List<String> lines = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(
                "SELECT " + columns + " FROM \"" + table.name().replace("\"", "\"\"") + '"')) {
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 0; i < types.size(); i++) {
                    Object value = rows.getObject(i + 1);
                    values.add(ModelTable.comparable(
                            types.get(i).kind(),
                            value == null
                                    ? null
                                    : PgValues.fromSqlite(types.get(i).kind(), value)));
                }
                lines.add(String.join("|", values));
            }
        }
        lines.sort(null);
        return lines;
    }
}
