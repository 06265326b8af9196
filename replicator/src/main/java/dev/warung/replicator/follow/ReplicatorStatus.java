package dev.warung.replicator.follow;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.replicator.backup.TableStatus;
import java.util.List;

/**
 * The replicator as seen at one moment; immutable, for other threads.
 *
 * @param failure what is wrong, with its remedy; empty if nothing is
 * @param progress what is happening, where that takes long; else empty
 */
public record ReplicatorStatus(
        ReplicatorState state, Position position, Lag lag, List<TableStatus> tables, String failure, String progress) {

    public static final ReplicatorStatus STARTING = new ReplicatorStatus(
            ReplicatorState.STARTING,
            new Position(ChangeId.NONE, Lsn.ZERO, 0, 0, 0),
            new Lag(false, 0, 0, 0),
            List.of(),
            "",
            "");

    public ReplicatorStatus {
        tables = List.copyOf(tables);
    }

    /**
     * What the backup holds.
     *
     * @param committedAtUs when PostgreSQL committed the last transaction in it, microseconds since 1970; 0 if there is none
     */
    public record Position(ChangeId id, Lsn commit, long committedAtUs, long changesTotal, long transactionsTotal) {}

    /**
     * What is in the log and not yet in the backup.
     *
     * @param rows log records, as far as Kafka's client knows
     * @param bytes about their size: their number times the mean size seen
     * @param walBytes size of SQLite's own WAL file
     */
    public record Lag(boolean isLevel, long rows, long bytes, long walBytes) {}

    ReplicatorStatus with(ReplicatorState newState, String newFailure, String newProgress) {
        return new ReplicatorStatus(newState, position, lag, tables, newFailure, newProgress);
    }

    /** How old the newest applied transaction is; a heartbeat comes every few seconds, so this shows whether all stages are alive. */
    public long markerAgeMs(long nowMs) {
        return position.committedAtUs() == 0 ? -1 : Math.max(0, nowMs - position.committedAtUs() / 1000);
    }
}
