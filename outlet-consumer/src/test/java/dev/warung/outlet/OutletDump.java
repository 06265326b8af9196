package dev.warung.outlet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an application sees in the file at one moment.
 *
 * @param positions of the shapes that can be seen, by shape
 * @param tables their rows, by key as text
 */
record OutletDump(Map<String, String> positions, Map<String, Map<String, List<Object>>> tables) {

    static OutletDump of(Path file) {
        if (!Files.exists(file)) {
            return new OutletDump(Map.of(), Map.of());
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            Map<String, String> positions = new HashMap<>();
            if (!has(statement, "_warung_feeds") || !has(statement, "_warung_tables")) {
                return new OutletDump(Map.of(), Map.of());
            }
            try (ResultSet rows =
                    statement.executeQuery("SELECT shape, position FROM _warung_status WHERE state = 'live'")) {
                while (rows.next()) {
                    positions.put(rows.getString(1), rows.getString(2));
                }
            }
            Map<String, Map<String, List<Object>>> tables = new TreeMap<>();
            List<String> names = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("SELECT name FROM _warung_tables")) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            for (String name : names) {
                tables.put(name, rows(statement, name));
            }
            return new OutletDump(positions, tables);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean has(Statement statement, String table) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("SELECT count(*) FROM sqlite_master WHERE name = '" + table + "'")) {
            return row.next() && row.getInt(1) == 1;
        }
    }

    private static Map<String, List<Object>> rows(Statement statement, String table) throws SQLException {
        Map<String, List<Object>> all = new TreeMap<>();
        int keys;
        try (ResultSet info =
                statement.executeQuery("SELECT count(*) FROM pragma_table_info('" + table + "') WHERE pk > 0")) {
            keys = info.getInt(1);
        }
        try (ResultSet rows = statement.executeQuery("SELECT * FROM \"" + table + "\"")) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<Object> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    Object value = rows.getObject(i);
                    row.add(value instanceof Integer number ? (Object) number.longValue() : value);
                }
                all.put(row.subList(0, keys).toString(), row);
            }
        }
        return all;
    }
}
