package dev.warung.core.upload.apply;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What became of an upload.
 *
 * @param counts of its ops that were new
 * @param repeated how many stood in the ledger already
 * @param messages what a person should know
 * @param isCopy whether nothing of it was looked at, because it comes from a copy of an outlet's file
 */
public record Outcome(Map<OpStatus, Integer> counts, int repeated, List<String> messages, boolean isCopy) {

    public Outcome(Map<OpStatus, Integer> counts, int repeated, List<String> messages) {
        this(counts, repeated, messages, false);
    }

    /** Nothing was done. */
    public static Outcome copy(List<String> messages) {
        return new Outcome(Map.of(), 0, messages, true);
    }

    public Outcome {
        Map<OpStatus, Integer> all = new EnumMap<>(OpStatus.class);
        for (OpStatus status : OpStatus.values()) {
            all.put(status, counts.getOrDefault(status, 0));
        }
        counts = Map.copyOf(all);
        messages = List.copyOf(messages);
    }

    public int count(OpStatus status) {
        return counts.getOrDefault(status, 0);
    }

    /** Without those that were repeated. */
    public int ops() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
