package dev.warung.testkit.fleet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * What each outlet must hold, asked of PostgreSQL itself: the rows that its own SELECT gives for the outlet's shapes, with the outlet's
 * attributes as strings in place of the parameters (I7).
 */
public final class FleetOracle {

    private static final int SHOWN = 4;

    private final Connection postgres;
    private long rows;

    /** @param postgres used by this oracle alone */
    public FleetOracle(Connection postgres) throws SQLException {
        this.postgres = postgres;
        postgres.setAutoCommit(false);
        try (Statement statement = postgres.createStatement()) {
            statement.execute("SET TimeZone TO 'UTC'");
            statement.execute("SET DateStyle TO 'ISO, YMD'");
            statement.execute("SET default_transaction_isolation TO 'repeatable read'");
        }
        postgres.commit();
    }

    /** How many rows were expected and compared, over all calls. */
    public long rows() {
        return rows;
    }

    /** A row that some shapes of an outlet hold. */
    private record Expected(List<String> values, List<String> shapes) {}

    /** A table that an outlet holds: its columns there, and the entry of each shape. */
    private record Held(List<String> columns, Map<String, FleetShape.Entry> entries) {}

    /** Each difference between what the outlet's file shows now and what PostgreSQL shows now; a few for each table, and their number. */
    public List<String> differences(FleetOutlet outlet, Collection<FleetShape> shapes, Path file) throws SQLException {
        List<String> differences = new ArrayList<>();
        if (!Files.exists(file)) {
            differences.add("outlet " + outlet.code() + " has no file yet");
            return differences;
        }
        try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            sqlite.setAutoCommit(false);
            Map<String, Held> held = held(outlet, shapes);
            for (FleetTable table : everyTable()) {
                String place = "outlet " + outlet.code() + " " + outlet.attributes() + ", table " + table.name();
                Held here = held.get(table.name());
                differences.addAll(
                        here == null ? leftOver(sqlite, place, table) : compare(sqlite, place, table, here, outlet));
            }
        } finally {
            postgres.rollback();
        }
        return differences;
    }

    static List<FleetTable> everyTable() {
        List<FleetTable> tables = new ArrayList<>(Company.TABLES);
        tables.addAll(Pairs.TABLES);
        return tables;
    }

    private static Map<String, Held> held(FleetOutlet outlet, Collection<FleetShape> shapes) {
        Map<String, Held> held = new TreeMap<>();
        for (FleetShape shape : shapes) {
            if (!shape.isFor(outlet.attributes())) {
                continue;
            }
            for (FleetShape.Entry entry : shape.entries()) {
                held.computeIfAbsent(entry.table(), t -> new Held(entry.columns(), new LinkedHashMap<>()))
                        .entries()
                        .put(shape.name(), entry);
            }
        }
        return held;
    }

    private static List<String> leftOver(Connection sqlite, String place, FleetTable table) throws SQLException {
        if (columns(sqlite, table.name()).isEmpty()) {
            return List.of();
        }
        try (Statement statement = sqlite.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM " + table.name())) {
            count.next();
            return count.getLong(1) == 0
                    ? List.of()
                    : List.of(place + ": " + count.getLong(1) + " rows, but no shape of the outlet has the table");
        }
    }

    private List<String> compare(Connection sqlite, String place, FleetTable table, Held held, FleetOutlet outlet)
            throws SQLException {
        List<String> selected = new ArrayList<>(table.columns().keySet());
        if (!held.columns().isEmpty()) {
            selected.retainAll(held.columns());
        }
        List<String> there = columns(sqlite, table.name());
        if (!List.copyOf(there).stream()
                .sorted()
                .toList()
                .equals(selected.stream().sorted().toList())) {
            return List.of(place + ": the columns are " + there + ", not " + selected);
        }
        Map<String, Expected> expected = expected(table, selected, held, outlet);
        Map<String, List<String>> actual = actual(sqlite, table, selected);
        rows += expected.size();
        return report(place + " " + selected, expected, actual);
    }

    private static List<String> report(String place, Map<String, Expected> expected, Map<String, List<String>> actual) {
        List<String> found = new ArrayList<>();
        expected.forEach((key, row) -> {
            List<String> values = actual.get(key);
            if (values == null) {
                found.add("missing " + row.values() + " of " + row.shapes());
            } else if (!values.equals(row.values())) {
                found.add("different " + values + " instead of " + row.values() + " of " + row.shapes());
            }
        });
        actual.forEach((key, values) -> {
            if (!expected.containsKey(key)) {
                found.add("extra " + values + ", which no shape holds");
            }
        });
        List<String> lines = new ArrayList<>();
        found.stream().limit(SHOWN).forEach(line -> lines.add(place + ": " + line));
        if (found.size() > SHOWN) {
            lines.add(place + ": and " + (found.size() - SHOWN) + " more");
        }
        return lines;
    }

    private Map<String, Expected> expected(FleetTable table, List<String> selected, Held held, FleetOutlet outlet)
            throws SQLException {
        StringJoiner list = new StringJoiner(", ");
        table.key().forEach(column -> list.add(column + "::text"));
        selected.forEach(column -> list.add(table.type(column).inPostgres(column)));
        StringJoiner any = new StringJoiner(" OR ");
        held.entries().forEach((name, entry) -> {
            String condition = "(" + entry.condition(outlet.attributes()) + ")";
            list.add(condition + " IS TRUE");
            any.add(condition);
        });
        Map<String, Expected> rows = new TreeMap<>();
        List<String> names = List.copyOf(held.entries().keySet());
        try (Statement statement = postgres.createStatement();
                ResultSet result = statement.executeQuery("SELECT " + list + " FROM " + table.id() + " WHERE " + any)) {
            int keys = table.key().size();
            while (result.next()) {
                List<String> shapes = new ArrayList<>();
                for (int i = 0; i < names.size(); i++) {
                    if (result.getBoolean(1 + keys + selected.size() + i)) {
                        shapes.add(names.get(i));
                    }
                }
                rows.put(
                        texts(result, 1, keys).toString(),
                        new Expected(texts(result, 1 + keys, selected.size()), shapes));
            }
        }
        return rows;
    }

    private static Map<String, List<String>> actual(Connection sqlite, FleetTable table, List<String> selected)
            throws SQLException {
        StringJoiner list = new StringJoiner(", ");
        table.key().forEach(list::add);
        selected.forEach(list::add);
        Map<String, List<String>> rows = new TreeMap<>();
        try (Statement statement = sqlite.createStatement();
                ResultSet result = statement.executeQuery("SELECT " + list + " FROM " + table.name())) {
            int keys = table.key().size();
            while (result.next()) {
                rows.put(texts(result, 1, keys).toString(), texts(result, 1 + keys, selected.size()));
            }
        }
        return rows;
    }

    private static List<String> texts(ResultSet result, int from, int count) throws SQLException {
        List<String> texts = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            texts.add(Optional.ofNullable(result.getString(i))
                    .map(RandomCells::quoted)
                    .orElse("NULL"));
        }
        return texts;
    }

    private static List<String> columns(Connection sqlite, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (Statement statement = sqlite.createStatement();
                ResultSet result =
                        statement.executeQuery("SELECT name FROM pragma_table_info('" + table + "') ORDER BY cid")) {
            while (result.next()) {
                columns.add(result.getString(1));
            }
        }
        return columns;
    }
}
