package dev.warung.replicator.follow;

import java.time.Duration;

/**
 * How to follow the log.
 *
 * @param batchRows while behind, a SQLite transaction is committed at the first end of a PostgreSQL transaction after so many records
 * @param batchTime or after this time, unless it was routed to so many topics that it has to grow (decision 28); while level it is committed at once
 * @param bufferBytesMax fetched and not yet applied bytes
 */
public record FollowOptions(int batchRows, Duration batchTime, long bufferBytesMax) {

    /** What is written to many shape topics costs more than its rows: a commit may take a fifth of all time, not more. */
    private static final int GATHER_TO_COMMIT = 4;
    /** What came first of a batch waits for the rest of it. */
    private static final Duration GATHER_MAX = Duration.ofSeconds(6);

    /**
     * Whether a batch is to be committed now, while behind.
     *
     * @param records in it
     * @param age since it was begun
     * @param commitCost how long the topics that were written to make its commit take
     */
    boolean isFull(long records, Duration age, Duration commitCost) {
        boolean isLarge = records >= batchRows || age.compareTo(batchTime) > 0;
        return isLarge
                && (age.compareTo(commitCost.multipliedBy(GATHER_TO_COMMIT)) >= 0 || age.compareTo(GATHER_MAX) > 0);
    }
}
