package dev.warung.stack.demo;

import dev.warung.stack.retail.Workload;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** What the demo shows at one moment. */
record Sample(
        double seconds,
        Workload.Counts shops,
        RoleView capture,
        RoleView replicator,
        Map<String, TableCounts.Count> tables) {

    /** What has changed since an earlier sample, by the second; empty where a role does not tell. */
    OptionalLong capturedPerSecond(Sample before) {
        return perSecond(before, capture.number("changesTotal"), before.capture.number("changesTotal"));
    }

    OptionalLong appliedPerSecond(Sample before) {
        return perSecond(before, replicator.number("changesTotal"), before.replicator.number("changesTotal"));
    }

    long transactionsPerSecond(Sample before) {
        return Math.round((shops.committed() - before.shops.committed()) / elapsed(before));
    }

    private OptionalLong perSecond(Sample before, OptionalLong now, OptionalLong then) {
        if (now.isEmpty() || then.isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.max(0, Math.round((now.getAsLong() - then.getAsLong()) / elapsed(before))));
    }

    private double elapsed(Sample before) {
        return Math.max(0.1, seconds - before.seconds);
    }

    /** For {@code --json}. */
    Map<String, Object> toMap(Sample before) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("event", "sample");
        map.put("seconds", Math.round(seconds));
        map.put("transactionsPerSecond", transactionsPerSecond(before));
        map.put("shops", shops);
        put(map, "capturedRowsPerSecond", capturedPerSecond(before));
        put(map, "appliedRowsPerSecond", appliedPerSecond(before));
        put(map, "lagMs", replicator.number("lagMs"));
        put(map, "lagRows", replicator.number("lagRows"));
        put(map, "retainedWalBytes", capture.number("retainedWalBytes"));
        replicator.decimal("latency.p50Ms").ifPresent(v -> map.put("latencyP50Ms", v));
        replicator.decimal("latency.p99Ms").ifPresent(v -> map.put("latencyP99Ms", v));
        map.put("tables", tables);
        return map;
    }

    private static void put(Map<String, Object> map, String name, OptionalLong value) {
        value.ifPresent(v -> map.put(name, v));
    }
}
