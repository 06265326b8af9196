package dev.warung.outlet.link;

import dev.warung.core.wire.ShapeSchema;
import java.time.Duration;

/**
 * What a reader that was away may believe of a compacted topic. Compaction leaves every version of a row alone for some time, and deletes
 * for longer; within the first, every commit can be shown, within the second no delete is missed.
 *
 * <p>Away counts from when the reader last knew that it had everything, by the device's own clock on both sides, so a clock that is wrong
 * does no harm; one that was set back by an hour or more tells nothing, and is not believed.
 */
enum Freshness {
    /** Nothing that the reader has not seen can be missing. */
    CURRENT,
    /** Versions may be missing: nothing may be seen before the reader has come to where the topic ends now. */
    BEHIND,
    /** Deletes may be missing: only a new reading from the start helps. */
    LOST;

    private static final long MARGIN_PART = 4;
    private static final long VERSIONS_MARGIN_MAX_MS = Duration.ofHours(1).toMillis();
    private static final long DELETES_MARGIN_MAX_MS = Duration.ofDays(1).toMillis();
    private static final long CLOCK_BACK_MAX_MS = Duration.ofHours(1).toMillis();

    /** @param levelAtMs when the reader last had everything; 0 if never */
    static Freshness of(ShapeSchema.Keep keep, long levelAtMs, long nowMs) {
        long awayMs = nowMs - levelAtMs;
        if (levelAtMs == 0 || awayMs < -CLOCK_BACK_MAX_MS || awayMs > deletesWithinMs(keep)) {
            return LOST;
        }
        return awayMs > versionsWithinMs(keep) || awayMs < 0 ? BEHIND : CURRENT;
    }

    /** How long every version is sure to be there. */
    static long versionsWithinMs(ShapeSchema.Keep keep) {
        return keep.versionsMs() - Math.min(keep.versionsMs() / MARGIN_PART, VERSIONS_MARGIN_MAX_MS);
    }

    /** How long deletes are sure to be there. */
    static long deletesWithinMs(ShapeSchema.Keep keep) {
        return keep.deletesMs() - Math.min(keep.deletesMs() / MARGIN_PART, DELETES_MARGIN_MAX_MS);
    }
}
