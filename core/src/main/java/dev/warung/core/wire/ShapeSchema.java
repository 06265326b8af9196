package dev.warung.core.wire;

import dev.warung.core.change.TableId;
import dev.warung.core.value.ValueKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one shape topic holds. It never changes: whatever would change it begins a new generation, with a topic of its own.
 *
 * @param parameters values by name, as texts, in the order of the shape's definition
 * @param generation of the shape instance, from 1
 * @param tables rows name theirs by its place in this list
 */
public record ShapeSchema(String shape, Map<String, String> parameters, int generation, List<Table> tables, Keep keep) {

    public ShapeSchema {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        tables = List.copyOf(tables);
    }

    /** How long the topic keeps what compaction may take, in milliseconds: every version of a row, and deletes. */
    public record Keep(long versionsMs, long deletesMs) {}

    /** @param type as {@code format_type} prints it, such as {@code numeric(12,2)} */
    public record ShapeColumn(String name, String type, ValueKind kind, boolean notNull) {}

    /**
     * A table of the shape.
     *
     * @param columns those that the shape selects, in the order of the values of a row
     * @param key names of the key columns, in key order; never empty, all in {@code columns}
     */
    public record Table(TableId id, List<ShapeColumn> columns, List<String> key) {
        public Table {
            columns = List.copyOf(columns);
            key = List.copyOf(key);
            if (key.isEmpty()) {
                throw new IllegalArgumentException("table " + id + " of a shape has no key");
            }
        }

        /** Places of the key columns in {@link #columns()}, in key order. */
        public int[] keyPositions() {
            List<String> names = new ArrayList<>();
            columns.forEach(c -> names.add(c.name()));
            int[] positions = key.stream().mapToInt(names::indexOf).toArray();
            for (int i = 0; i < positions.length; i++) {
                if (positions[i] < 0) {
                    throw new IllegalArgumentException(
                            "the shape's columns of " + id + " lack its key column " + key.get(i));
                }
            }
            return positions;
        }
    }
}
