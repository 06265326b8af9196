package dev.warung.capture.source;

import dev.warung.core.change.TableId;
import java.util.List;
import java.util.Map;

/**
 * What set-up did.
 *
 * @param steps one line for people each
 * @param captured the tables of the publication
 * @param refused tables that the patterns name but that cannot be captured, with the reason
 * @param eventTriggers whether schema changes are logged by event triggers; if not, the catalogue is polled
 */
public record SetupReport(
        List<String> steps, List<TableId> captured, Map<TableId, String> refused, boolean eventTriggers) {

    public SetupReport {
        steps = List.copyOf(steps);
        captured = List.copyOf(captured);
        refused = Map.copyOf(refused);
    }
}
