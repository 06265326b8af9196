package dev.warung.replicator.routing.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What instances hold according to what the index told; refuses what is told twice, or for nothing. */
final class Holdings implements RoutingSink {

    private final Map<Integer, List<Map<Object, List<@Nullable Object>>>> held = new HashMap<>();
    private final Set<List<Object>> told = new HashSet<>();

    /** The next change begins. */
    void next() {
        told.clear();
    }

    /** What an instance holds when it begins. */
    void begin(ShapeInstance instance, List<Map<Object, List<@Nullable Object>>> tables) {
        held.put(instance.number(), tables);
    }

    void end(int number) {
        held.remove(number);
    }

    Map<Object, List<@Nullable Object>> of(ShapeInstance instance, int table) {
        return held.get(instance.number()).get(table);
    }

    private Map<Object, List<@Nullable Object>> once(ShapeInstance instance, int table, Object key) {
        assertThat(told.add(List.of(instance.number(), table, key)))
                .as("%s is told twice of row %s of table %s", instance, key, table)
                .isTrue();
        return of(instance, table);
    }

    private static List<@Nullable Object> selected(ShapeInstance instance, int table, @Nullable Object[] row) {
        return Model.selected(instance.shape().tables().get(table), row);
    }

    @Override
    public void enters(ShapeInstance instance, int table, @Nullable Object[] row) {
        Map<Object, List<@Nullable Object>> rows = once(instance, table, row[0]);
        assertThat(rows.put(row[0], selected(instance, table, row)))
                .as("row %s enters %s, which has it", row[0], instance)
                .isNull();
    }

    @Override
    public void stays(ShapeInstance instance, int table, @Nullable Object[] row) {
        Map<Object, List<@Nullable Object>> rows = once(instance, table, row[0]);
        List<@Nullable Object> values = selected(instance, table, row);
        assertThat(rows.put(row[0], values))
                .as("row %s stays in %s", row[0], instance)
                .isNotNull()
                .isNotEqualTo(values);
    }

    @Override
    public void leaves(ShapeInstance instance, int table, @Nullable Object[] row) {
        assertThat(once(instance, table, row[0]).remove(row[0]))
                .as("row %s leaves %s, which has it not", row[0], instance)
                .isNotNull();
    }

    @Override
    public void truncated(ShapeInstance instance, int table) {
        of(instance, table).clear();
    }
}
