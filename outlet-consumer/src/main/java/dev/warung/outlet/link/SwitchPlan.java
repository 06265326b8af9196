package dev.warung.outlet.link;

import dev.warung.outlet.replica.Feed;
import dev.warung.outlet.replica.OutletReplica;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which complete feeds can become visible together.
 *
 * @param filled those that can
 * @param gone visible feeds whose shapes they replace
 * @param waiting those that cannot yet, by number, and why
 */
record SwitchPlan(List<Feed> filled, List<Feed> gone, Map<Integer, String> waiting) {

    /** Leaves out, one by one, what does not fit to the feeds that stay. */
    static SwitchPlan of(List<Feed> live, List<Feed> complete) {
        List<Feed> filled = new ArrayList<>(complete);
        Map<Integer, String> waiting = new LinkedHashMap<>();
        while (true) {
            Optional<String> conflict = OutletReplica.conflict(after(live, filled));
            if (conflict.isEmpty() || filled.isEmpty()) {
                return new SwitchPlan(filled, replaced(live, filled), waiting);
            }
            Feed left = filled.stream()
                    .filter(feed -> filled.size() == 1
                            || OutletReplica.conflict(after(live, List.of(feed)))
                                    .isPresent())
                    .findFirst()
                    .orElse(filled.get(0));
            waiting.put(left.number(), conflict.get());
            filled.remove(left);
        }
    }

    private static List<Feed> after(List<Feed> live, List<Feed> filled) {
        List<Feed> after = new ArrayList<>(live);
        after.removeAll(replaced(live, filled));
        after.addAll(filled);
        return after;
    }

    private static List<Feed> replaced(List<Feed> live, List<Feed> filled) {
        return live.stream()
                .filter(old -> filled.stream().anyMatch(f -> f.shape().equals(old.shape())))
                .toList();
    }
}
