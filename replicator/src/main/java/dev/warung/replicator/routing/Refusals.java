package dev.warung.replicator.routing;

import dev.warung.core.change.TableId;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Rows that were left out of shapes because they are too large. Used only by the replicator thread. */
final class Refusals {

    private static final int NAMED_MAX = 20;

    private final Map<String, Long> named = new LinkedHashMap<>();
    private long count;

    void add(TableId table, byte[] key, long bytes) {
        count++;
        if (named.size() < NAMED_MAX) {
            named.put(table + " " + new String(key, StandardCharsets.UTF_8), bytes);
        }
    }

    long count() {
        return count;
    }

    /** Sizes in bytes of the first of them, by table and key. */
    Map<String, Long> named() {
        return Map.copyOf(named);
    }
}
