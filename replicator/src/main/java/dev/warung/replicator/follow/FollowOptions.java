package dev.warung.replicator.follow;

import java.time.Duration;

/**
 * How to follow the log.
 *
 * @param batchRows while behind, a SQLite transaction is committed at the first end of a PostgreSQL transaction after so many records
 * @param batchTime or after this time, unless commits take so long that it has to grow (decision 28); while level it is committed at once
 * @param bufferBytesMax fetched and not yet applied bytes
 */
public record FollowOptions(int batchRows, Duration batchTime, long bufferBytesMax) {

    /** What a commit costs grows with the number of shape topics that were written to: it may take a fifth of all time, not more. */
    private static final int GATHER_TO_COMMIT = 4;
    /** What came first of a batch waits for the rest of it. */
    private static final Duration GATHER_MAX = Duration.ofSeconds(6);

    /**
     * Whether a batch is to be committed now, while behind.
     *
     * @param records in it
     * @param age since it was begun
     * @param commitTook how long the last commit took
     */
    boolean isFull(long records, Duration age, Duration commitTook) {
        boolean isLarge = records >= batchRows || age.compareTo(batchTime) > 0;
        return isLarge
                && (age.compareTo(commitTook.multipliedBy(GATHER_TO_COMMIT)) >= 0 || age.compareTo(GATHER_MAX) > 0);
    }
}
