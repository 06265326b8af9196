package dev.warung.testkit.fleet;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.ValueKind;
import dev.warung.core.where.WhereClause;
import dev.warung.core.where.bind.Scope;
import dev.warung.core.where.tree.InnerSet;
import dev.warung.core.where.tree.InnerSets;
import dev.warung.core.where.tree.SubSelect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Writes the file that an outlet should have, by evaluating each clause on each row: neither Kafka nor a router takes part. */
final class EvaluatedReplica {

    private final Connection postgres;
    private final Map<String, TableSchema> schemas = new HashMap<>();
    private final Map<String, List<@Nullable String[]>> rows = new HashMap<>();

    EvaluatedReplica(Connection postgres) throws SQLException {
        this.postgres = postgres;
        for (FleetTable table : FleetOracle.everyTable()) {
            schemas.put(table.name(), schema(table));
            rows.put(table.name(), read(table));
        }
    }

    private static TableSchema schema(FleetTable table) {
        List<Column> columns = new ArrayList<>();
        table.columns()
                .forEach((name, type) -> columns.add(new Column(
                        columns.size() + 1,
                        name,
                        type.sql().replace("timestamptz", "timestamp with time zone"),
                        kind(type),
                        table.key().contains(name),
                        Generated.NO,
                        null,
                        TypeMeaning.of(type.sql().replace("timestamptz", "timestamp with time zone")))));
        return new TableSchema(
                new TableId("public", table.name()), 1, 1, 1, "t", columns, table.key(), List.of(), Collation.LOCALE);
    }

    private static ValueKind kind(FleetType type) {
        return switch (type) {
            case INTEGER, BIGINT -> ValueKind.INTEGER;
            case BOOLEAN -> ValueKind.BOOLEAN;
            case UUID, TEXT, NUMERIC, TIMESTAMPTZ, JSONB -> ValueKind.TEXT;
        };
    }

    private List<@Nullable String[]> read(FleetTable table) throws SQLException {
        List<@Nullable String[]> read = new ArrayList<>();
        try (Statement statement = postgres.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT " + String.join("::text, ", table.columns().keySet()) + "::text FROM " + table.id())) {
            int count = table.columns().size();
            while (result.next()) {
                @Nullable String[] row = new String[count];
                for (int i = 0; i < count; i++) {
                    row[i] = result.getString(i + 1);
                }
                read.add(row);
            }
        }
        return read;
    }

    /** Of how many (shape, table) pairs of the outlet some rows, but not all, are in. */
    int write(FleetOutlet outlet, Collection<FleetShape> shapes, Path file) throws SQLException {
        Map<String, Set<Integer>> members = new HashMap<>();
        Map<String, List<String>> selected = new HashMap<>();
        int telling = 0;
        for (FleetShape shape : shapes) {
            for (FleetShape.Entry entry :
                    shape.isFor(outlet.attributes()) ? shape.entries() : List.<FleetShape.Entry>of()) {
                if (!schemas.containsKey(entry.table())) {
                    continue;
                }
                Set<Integer> taken = taken(entry, outlet);
                telling += taken.isEmpty()
                                || taken.size() == rows.get(entry.table()).size()
                        ? 0
                        : 1;
                members.computeIfAbsent(entry.table(), t -> new HashSet<>()).addAll(taken);
                selected.put(entry.table(), entry.columns());
            }
        }
        try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            sqlite.setAutoCommit(false);
            for (Map.Entry<String, Set<Integer>> table : members.entrySet()) {
                store(sqlite, table.getKey(), table.getValue(), selected.get(table.getKey()));
            }
            sqlite.commit();
        }
        return telling;
    }

    private Set<Integer> taken(FleetShape.Entry entry, FleetOutlet outlet) {
        List<@Nullable String[]> all = rows.get(entry.table());
        Optional<WhereClause> clause =
                entry.where().map(where -> parse(entry.table(), where).with(values(where, outlet)));
        Set<Integer> taken = new HashSet<>();
        for (int i = 0; i < all.size(); i++) {
            @Nullable String[] row = all.get(i);
            if (clause.isEmpty() || Boolean.TRUE.equals(clause.get().evaluate(row, sets()))) {
                taken.add(i);
            }
        }
        return taken;
    }

    private static Map<String, @Nullable String> values(FleetClause where, FleetOutlet outlet) {
        Map<String, @Nullable String> values = new HashMap<>();
        where.parameters().forEach(name -> values.put(name, outlet.attributes().get(name)));
        return values;
    }

    private WhereClause parse(String table, FleetClause where) {
        return WhereClause.parse(
                where.text(),
                Scope.of(schemas.get(table)).withTables((schema, name) -> Optional.ofNullable(schemas.get(name))));
    }

    private InnerSets sets() {
        return this::inner;
    }

    private InnerSet inner(SubSelect select) {
        Set<String> keys = new HashSet<>();
        boolean holdsNull = false;
        for (@Nullable String[] row : rows.get(select.table().id().name())) {
            if (select.takes(row)) {
                String key = select.key(row);
                holdsNull |= key == null;
                keys.add(String.valueOf(key));
            }
        }
        boolean hasNull = holdsNull;
        return new InnerSet() {
            @Override
            public boolean isEmpty() {
                return keys.isEmpty();
            }

            @Override
            public boolean contains(String key) {
                return keys.contains(key);
            }

            @Override
            public boolean holdsNull() {
                return hasNull;
            }
        };
    }

    private void store(Connection sqlite, String name, Set<Integer> members, List<String> selected)
            throws SQLException {
        FleetTable table = FleetOracle.everyTable().stream()
                .filter(t -> t.name().equals(name))
                .findFirst()
                .orElseThrow();
        List<String> all = List.copyOf(table.columns().keySet());
        List<String> columns = selected.isEmpty() ? all : selected;
        StringJoiner marks = new StringJoiner(", ", "(", ")");
        columns.forEach(column -> marks.add("?"));
        try (Statement statement = sqlite.createStatement()) {
            statement.execute("CREATE TABLE " + name + " (" + String.join(", ", columns) + ")");
        }
        try (PreparedStatement insert = sqlite.prepareStatement("INSERT INTO " + name + " VALUES " + marks)) {
            for (int member : members) {
                @Nullable String[] row = rows.get(name).get(member);
                for (int i = 0; i < columns.size(); i++) {
                    String value = row[all.indexOf(columns.get(i))];
                    boolean isFlag = table.type(columns.get(i)) == FleetType.BOOLEAN;
                    insert.setObject(i + 1, !isFlag || value == null ? value : value.startsWith("t") ? 1 : 0);
                }
                insert.execute();
            }
        }
    }
}
