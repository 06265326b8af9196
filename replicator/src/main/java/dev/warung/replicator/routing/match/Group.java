package dev.warung.replicator.routing.match;

import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.tree.SubSelect;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The instances that have the same values for the parameters that matter: all of them hold a row, or none. Mostly it is one. */
final class Group {

    private static final Bound[] NOT_BOUND = {};

    /** The exact values, as {@link Binding#exactKey} makes it. */
    final Object key;

    /** By the table's place in its grouping; empty if no table needs any. */
    final Bound[] bounds;

    /** A ShapeInstance, or a map of them by number. */
    private @Nullable Object instances;

    /** Of the comparison of matches that last saw it. */
    int mark;

    /** Of the search that last found it. */
    int found;

    /**
     * What of a clause is particular to the values.
     *
     * @param rest what the table's index must evaluate for this group, or null
     * @param selects the sub-selects in {@code rest}, by identity
     * @param partitions what they give, by their place in the table's uses; null where the group's key says it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never a map key
    record Bound(
            @Nullable Expression rest,
            SubSelect[] selects,
            @Nullable Partition[] partitions) {}

    Group(Object key, Bound[] bounds) {
        this.key = key;
        this.bounds = bounds.length == 0 ? NOT_BOUND : bounds;
    }

    @SuppressWarnings("unchecked")
    private static Map<Integer, ShapeInstance> several(Object instances) {
        return (Map<Integer, ShapeInstance>) instances;
    }

    void add(ShapeInstance instance) {
        Object present = instances;
        if (present == null) {
            instances = instance;
            return;
        }
        Map<Integer, ShapeInstance> all;
        if (present instanceof ShapeInstance only) {
            all = new LinkedHashMap<>();
            all.put(only.number(), only);
            instances = all;
        } else {
            all = several(present);
        }
        all.put(instance.number(), instance);
    }

    void remove(ShapeInstance instance) {
        if (instances instanceof Map<?, ?> all) {
            all.remove(instance.number());
        } else {
            instances = null;
        }
    }

    boolean isEmpty() {
        return instances == null || (instances instanceof Map<?, ?> all && all.isEmpty());
    }

    void forEach(Consumer<ShapeInstance> action) {
        Object present = instances;
        if (present instanceof ShapeInstance only) {
            action.accept(only);
        } else if (present != null) {
            several(present).values().forEach(action);
        }
    }
}
