package dev.warung.testkit.fleet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Random shapes. All select the same columns of a table, since an outlet may hold several of them; which columns those are changes with
 * {@link #selectAnew}.
 */
final class RandomShapes {

    private final Random random;
    private final RandomFleetClauses clauses;
    private final boolean isOfOneTenant;
    private final Map<String, List<String>> columns = new HashMap<>();
    private int serial;

    /** @param isOfOneTenant whether each shape holds rows of the outlet's tenant only */
    RandomShapes(Random random, boolean isOfOneTenant) {
        this.random = random;
        this.isOfOneTenant = isOfOneTenant;
        this.clauses = new RandomFleetClauses(random);
        Company.TABLES.forEach(this::selectAnew);
    }

    /** What every outlet has: the markers, and the pairs of its bank. */
    static List<FleetShape> fixed() {
        FleetShape.Entry markers = new FleetShape.Entry(Company.MARKERS, List.of(), Optional.empty());
        return List.of(new FleetShape("penanda", List.of(markers)), Pairs.shape());
    }

    FleetShape next() {
        serial++;
        List<FleetTable> tables = new ArrayList<>(Company.TABLES);
        Collections.shuffle(tables, random);
        int count = random.nextInt(10) < 7 ? 1 : 2 + random.nextInt(2);
        List<FleetShape.Entry> entries = new ArrayList<>();
        for (FleetTable table : tables.subList(0, count)) {
            entries.add(entry(table));
        }
        return new FleetShape("acak-" + serial, entries);
    }

    private FleetShape.Entry entry(FleetTable table) {
        Optional<FleetClause> clause = isOfOneTenant
                ? Optional.of(clauses.ofOneTenant(table))
                : random.nextInt(40) == 0
                        ? Optional.empty()
                        : Optional.of(random.nextInt(10) < 6 ? clauses.keyed(table) : clauses.free(table));
        return new FleetShape.Entry(table.name(), selected(table.name()), clause);
    }

    /** The same shape with another clause for its first table. */
    FleetShape changed(FleetShape shape) {
        List<FleetShape.Entry> entries = new ArrayList<>(shape.entries());
        entries.set(0, entry(Company.table(entries.get(0).table())));
        return new FleetShape(shape.name(), entries);
    }

    /** From now on other columns of this table. */
    void selectAnew(FleetTable table) {
        if (random.nextInt(3) == 0) {
            columns.put(table.name(), List.of());
            return;
        }
        List<String> selected = new ArrayList<>(table.key());
        for (String column : table.others()) {
            // The tenant's column and its canary are what isolation is about.
            if (column.equals("kenari") || random.nextInt(10) < 6) {
                selected.add(column);
            }
        }
        columns.put(table.name(), List.copyOf(selected));
    }

    /** The shape with the columns that are selected now. */
    FleetShape withSelection(FleetShape shape) {
        List<FleetShape.Entry> entries = new ArrayList<>();
        for (FleetShape.Entry entry : shape.entries()) {
            List<String> now = columns.containsKey(entry.table()) ? selected(entry.table()) : entry.columns();
            entries.add(new FleetShape.Entry(entry.table(), now, entry.where()));
        }
        return new FleetShape(shape.name(), entries);
    }

    private List<String> selected(String table) {
        return columns.getOrDefault(table, List.of());
    }
}
