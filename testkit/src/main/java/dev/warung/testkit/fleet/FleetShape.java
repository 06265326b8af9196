package dev.warung.testkit.fleet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** A shape as a row of {@code warung.shapes}. */
public record FleetShape(String name, List<Entry> entries) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One table of a shape.
     *
     * @param columns empty for all
     */
    record Entry(String table, List<String> columns, Optional<FleetClause> where) {
        Entry {
            columns = List.copyOf(columns);
        }

        /** What PostgreSQL decides for an outlet with these attributes. */
        String condition(Map<String, String> attributes) {
            return where.map(clause -> clause.inPostgres(attributes)).orElse("true");
        }
    }

    public FleetShape {
        entries = List.copyOf(entries);
    }

    /** Sorted by name. */
    public List<String> parameters() {
        TreeSet<String> names = new TreeSet<>();
        entries.forEach(entry -> entry.where().ifPresent(clause -> names.addAll(clause.parameters())));
        return List.copyOf(names);
    }

    /** Whether an outlet with these attributes gets it. */
    boolean isFor(Map<String, String> attributes) {
        return attributes.keySet().containsAll(parameters());
    }

    /** The column {@code definition}. */
    public String definition() {
        ObjectNode node = JSON.createObjectNode();
        ArrayNode parameters = node.putArray("parameters");
        parameters().forEach(parameters::add);
        ArrayNode tables = node.putArray("tables");
        for (Entry entry : entries) {
            ObjectNode table = tables.addObject().put("table", "public." + entry.table());
            if (!entry.columns().isEmpty()) {
                ArrayNode columns = table.putArray("columns");
                entry.columns().forEach(columns::add);
            }
            entry.where().ifPresent(clause -> table.put("where", clause.text()));
        }
        return node.toString();
    }
}
