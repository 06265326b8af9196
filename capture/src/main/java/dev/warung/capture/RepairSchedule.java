package dev.warung.capture;

import java.util.HashMap;
import java.util.Map;

/**
 * When a broken table may be copied anew: at once, and ever later if that did not help, so that a table which cannot be mended does not
 * fill Kafka with generations.
 *
 * <p>Thread: one.
 */
final class RepairSchedule {

    private static final long FIRST_WAIT_MS = 60_000;
    private static final long LONGEST_WAIT_MS = 60 * 60_000;

    private final Map<Long, Next> next = new HashMap<>();

    private record Next(long atMs, long waitMs) {}

    /** Whether the table may be tried now; if so, the next try is put off. */
    boolean isDue(long oid, long nowMs) {
        Next planned = next.getOrDefault(oid, new Next(nowMs, FIRST_WAIT_MS));
        if (nowMs < planned.atMs()) {
            return false;
        }
        long wait = Math.min(planned.waitMs() * 2, LONGEST_WAIT_MS);
        next.put(oid, new Next(nowMs + planned.waitMs(), wait));
        return true;
    }
}
