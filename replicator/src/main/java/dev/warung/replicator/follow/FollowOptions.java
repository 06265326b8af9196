package dev.warung.replicator.follow;

import java.time.Duration;

/**
 * How to follow the log.
 *
 * @param batchRows a SQLite transaction is committed at the first end of a PostgreSQL transaction after so many records
 * @param batchTime or after this time; while level it is committed at once
 * @param bufferBytesMax fetched and not yet applied bytes
 */
public record FollowOptions(int batchRows, Duration batchTime, long bufferBytesMax) {}
