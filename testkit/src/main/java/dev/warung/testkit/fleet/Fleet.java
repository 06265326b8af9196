package dev.warung.testkit.fleet;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/**
 * Shapes and outlets, in PostgreSQL as rows of {@code warung.shapes} and {@code warung.outlets} and here as what they should be. Their
 * random changes come from one seed.
 */
public final class Fleet {

    private final Connection connection;
    private final Random random;
    private final RandomShapes randomShapes;
    private final RandomOutlets randomOutlets;
    private final Map<String, FleetShape> shapes = new LinkedHashMap<>();
    private final Map<String, FleetOutlet> outlets = new LinkedHashMap<>();
    private final TreeSet<String> disabled = new TreeSet<>();

    /** Whether each shape is to hold rows of the outlet's tenant only. */
    public enum Kind {
        ANY,
        OF_ONE_TENANT
    }

    /** @param connection with automatic commit */
    public Fleet(Connection connection, long seed, Kind kind) {
        this.connection = connection;
        this.random = new Random(seed);
        this.randomShapes = new RandomShapes(random, kind == Kind.OF_ONE_TENANT);
        this.randomOutlets = new RandomOutlets(random, kind == Kind.OF_ONE_TENANT);
    }

    /** The first shapes, in one transaction, and the first outlets. */
    public void begin(int shapeCount, int outletCount) throws SQLException {
        List<FleetShape> first = new ArrayList<>(RandomShapes.fixed());
        for (int i = 0; i < shapeCount; i++) {
            first.add(randomShapes.next());
        }
        apply(first, List.of());
        for (int i = 0; i < outletCount; i++) {
            addOutlet();
        }
    }

    public Collection<FleetShape> shapes() {
        return List.copyOf(shapes.values());
    }

    /** Those that are enabled. */
    public List<FleetOutlet> outlets() {
        return outlets.values().stream()
                .filter(outlet -> !disabled.contains(outlet.code()))
                .toList();
    }

    public FleetOutlet outlet(String code) {
        FleetOutlet outlet = outlets.get(code);
        if (outlet == null) {
            throw new IllegalArgumentException("no outlet " + code);
        }
        return outlet;
    }

    /** How many topics the shapes of all outlets need. */
    public int instances() {
        TreeSet<String> instances = new TreeSet<>();
        for (FleetOutlet outlet : outlets()) {
            for (FleetShape shape : shapes.values()) {
                if (shape.isFor(outlet.attributes())) {
                    List<String> values = new ArrayList<>();
                    shape.parameters()
                            .forEach(name -> values.add(outlet.attributes().getOrDefault(name, "")));
                    instances.add(shape.name() + values);
                }
            }
        }
        return instances.size();
    }

    /** One random change of shapes or outlets; says which. */
    public String change() throws SQLException {
        switch (random.nextInt(9)) {
            case 0 -> {
                FleetShape shape = randomShapes.next();
                apply(List.of(shape), List.of());
                return "shape " + shape.name() + " is new";
            }
            case 1 -> {
                FleetShape shape = anyRandomShape();
                apply(List.of(), List.of(shape.name()));
                return "shape " + shape.name() + " is removed";
            }
            case 2, 3 -> {
                FleetShape shape = randomShapes.changed(anyRandomShape());
                apply(List.of(shape), List.of());
                return "shape " + shape.name() + " is changed";
            }
            case 4 -> {
                return changeSelection();
            }
            case 5, 6 -> {
                FleetOutlet outlet = randomOutlets.changed(anyOutlet());
                changeAttributes(outlet);
                return "outlet " + outlet.code() + " has " + outlet.attributes();
            }
            case 7 -> {
                String code = anyOutlet().code();
                resync(code);
                return "outlet " + code + " is to resync";
            }
            default -> {
                return switchOne();
            }
        }
    }

    private String switchOne() throws SQLException {
        String code = RandomCells.pick(random, List.copyOf(outlets.keySet()));
        boolean wasDisabled = disabled.remove(code);
        if (!wasDisabled) {
            disabled.add(code);
        }
        update("UPDATE warung.outlets SET enabled = " + wasDisabled + " WHERE code = ?", code);
        return "outlet " + code + (wasDisabled ? " is enabled" : " is disabled");
    }

    private String changeSelection() throws SQLException {
        FleetTable table = RandomCells.pick(random, Company.TABLES);
        randomShapes.selectAnew(table);
        List<FleetShape> changed = new ArrayList<>();
        for (FleetShape shape : shapes.values()) {
            FleetShape now = randomShapes.withSelection(shape);
            if (!now.equals(shape)) {
                changed.add(now);
            }
        }
        apply(changed, List.of());
        return "other columns of " + table.name() + " are selected, by " + changed.size() + " shapes";
    }

    private FleetOutlet anyOutlet() {
        return RandomCells.pick(random, List.copyOf(outlets.values()));
    }

    private FleetShape anyRandomShape() {
        List<FleetShape> candidates = shapes.values().stream()
                .filter(shape -> shape.name().startsWith("acak-"))
                .toList();
        return RandomCells.pick(random, candidates);
    }

    /** A new outlet. */
    public FleetOutlet addOutlet() throws SQLException {
        FleetOutlet outlet = randomOutlets.next();
        insert(outlet);
        return outlet;
    }

    private void insert(FleetOutlet outlet) throws SQLException {
        outlets.put(outlet.code(), outlet);
        update(
                "INSERT INTO warung.outlets (code, name, attributes) VALUES (?, 'toko', ?::jsonb)",
                outlet.code(),
                outlet.attributesAsJson());
    }

    /** One more shape, which random changes leave alone. */
    public void addShape(FleetShape shape) throws SQLException {
        apply(List.of(shape), List.of());
    }

    /** Takes an outlet away. */
    public void removeOutlet(String code) throws SQLException {
        outlets.remove(code);
        disabled.remove(code);
        update("DELETE FROM warung.outlets WHERE code = ?", code);
    }

    /** Takes an outlet away and adds another one with the same code and other attributes. */
    public FleetOutlet addAgain(String code) throws SQLException {
        removeOutlet(code);
        FleetOutlet outlet = new FleetOutlet(code, randomOutlets.attributes());
        insert(outlet);
        return outlet;
    }

    /** Tells an outlet to read everything anew. */
    public void resync(String code) throws SQLException {
        update("UPDATE warung.outlets SET generation = generation + 1 WHERE code = ?", code);
    }

    private void changeAttributes(FleetOutlet outlet) throws SQLException {
        outlets.put(outlet.code(), outlet);
        update(
                "UPDATE warung.outlets SET attributes = ?::jsonb WHERE code = ?",
                outlet.attributesAsJson(),
                outlet.code());
    }

    private void apply(List<FleetShape> changed, List<String> removed) throws SQLException {
        connection.setAutoCommit(false);
        for (FleetShape shape : changed) {
            shapes.put(shape.name(), shape);
            update(
                    "INSERT INTO warung.shapes (name, definition) VALUES (?, ?::jsonb) ON CONFLICT (name)"
                            + " DO UPDATE SET definition = excluded.definition, applied_at = now()",
                    shape.name(),
                    shape.definition());
        }
        for (String name : removed) {
            shapes.remove(name);
            update("DELETE FROM warung.shapes WHERE name = ?", name);
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private void update(String sql, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    /** What capture's set-up makes, for tests without it. */
    static void createControlTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS warung");
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS warung.shapes (name text PRIMARY KEY, definition jsonb NOT NULL,"
                            + " applied_at timestamptz NOT NULL DEFAULT now())");
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS warung.outlets (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),"
                            + " code text NOT NULL UNIQUE, name text NOT NULL, attributes jsonb NOT NULL DEFAULT '{}',"
                            + " enabled boolean NOT NULL DEFAULT true, generation integer NOT NULL DEFAULT 1,"
                            + " created_at timestamptz NOT NULL DEFAULT now())");
        }
    }
}
