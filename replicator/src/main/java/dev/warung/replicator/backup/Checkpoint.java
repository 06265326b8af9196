package dev.warung.replicator.backup;

import dev.warung.core.change.Lsn;
import dev.warung.replicator.log.LogPosition;

/**
 * How far a replica has come; it lives in the same SQLite transaction as the rows, or a crash would leave a hole that no later read
 * would notice.
 *
 * @param commit commit LSN of the last transaction applied
 * @param committedAtUs when PostgreSQL committed it, microseconds since 1970
 * @param epochStart offset of the first commit record of the epoch
 */
public record Checkpoint(LogPosition log, Lsn commit, long committedAtUs, long epochStart, Totals totals) {

    /** What was applied since the replica was built. */
    public record Totals(long changes, long transactions) {}
}
