package dev.warung.replicator.routing;

import java.util.List;
import java.util.Map;

/**
 * What the router does, for status and metrics.
 *
 * @param live shape instances that follow the log
 * @param filling instances whose present rows are being sent
 * @param frozen instances that stand still
 * @param outlets enabled ones
 * @param records written since the router was opened
 * @param refusedRows rows that were left out of shapes because they are too large
 * @param broken why a shape cannot be routed, by its name
 * @param warnings what somebody should look at
 */
public record RoutingStatus(
        int live,
        int filling,
        int frozen,
        int outlets,
        long records,
        long refusedRows,
        Map<String, String> broken,
        List<String> warnings) {

    /** Of a replicator that does not route. */
    public static final RoutingStatus NONE = new RoutingStatus(0, 0, 0, 0, 0, 0, Map.of(), List.of());

    public RoutingStatus {
        broken = Map.copyOf(broken);
        warnings = List.copyOf(warnings);
    }
}
