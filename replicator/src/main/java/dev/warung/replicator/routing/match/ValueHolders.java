package dev.warung.replicator.routing.match;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Which partitions of a sub-select hold a value, and how often. Mostly it is one, once: then nothing but that reference is kept. */
final class ValueHolders {

    /** Value → its one partition, if it is there once, or a map partition → count. */
    private final Map<Object, Object> holders = new HashMap<>();

    @SuppressWarnings("unchecked")
    private static Map<Partition, Integer> several(Object holder) {
        return (Map<Partition, Integer>) holder;
    }

    int count(Partition partition, Object value) {
        Object holder = holders.get(value);
        if (holder == null || holder instanceof Partition) {
            return holder == partition ? 1 : 0;
        }
        return several(holder).getOrDefault(partition, 0);
    }

    void increment(Partition partition, Object value) {
        Object holder = holders.putIfAbsent(value, partition);
        if (holder == null) {
            return;
        }
        Map<Partition, Integer> counts;
        if (holder instanceof Partition only) {
            counts = new HashMap<>(4);
            counts.put(only, 1);
            holders.put(value, counts);
        } else {
            counts = several(holder);
        }
        counts.merge(partition, 1, Integer::sum);
    }

    void decrement(Partition partition, Object value) {
        Object holder = holders.get(value);
        if (holder == partition) {
            holders.remove(value);
        } else if (holder instanceof Map<?, ?>) {
            Map<Partition, Integer> counts = several(holder);
            counts.computeIfPresent(partition, (p, count) -> count == 1 ? null : count - 1);
            if (counts.isEmpty()) {
                holders.remove(value);
            }
        }
    }

    void forEach(Object value, Consumer<Partition> action) {
        Object holder = holders.get(value);
        if (holder instanceof Partition only) {
            action.accept(only);
        } else if (holder != null) {
            several(holder).keySet().forEach(action);
        }
    }

    /** Forgets a partition in all values. */
    void drop(@Nullable Partition partition) {
        holders.values().removeIf(holder -> holder == partition);
        holders.values().removeIf(holder -> {
            if (holder instanceof Map<?, ?> counts) {
                counts.remove(partition);
                return counts.isEmpty();
            }
            return false;
        });
    }

    void clear() {
        holders.clear();
    }
}
