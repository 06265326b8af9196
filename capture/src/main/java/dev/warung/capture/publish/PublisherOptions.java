package dev.warung.capture.publish;

import java.time.Duration;

/**
 * How much goes into one Kafka transaction, and how late PostgreSQL is told.
 *
 * @param rowBytesMax a row above this breaks its table
 * @param database name of the database, for the envelope
 */
public record PublisherOptions(Limits limits, Delay delay, long rowBytesMax, String database) {

    /**
     * A Kafka transaction ends when one of these is reached, while PostgreSQL is ahead.
     *
     * @param records table and schema records
     * @param bytes of keys and values
     * @param age of its first record: what a reader waits at the most while much is written
     */
    public record Limits(long records, long bytes, Duration age) {
        public static final Limits DEFAULT = new Limits(20_000, 16L << 20, Duration.ofMillis(100));
    }

    /** A commit is confirmed to PostgreSQL this long after it became durable, or when this much WAL came after it. */
    public record Delay(Duration time, long walBytes) {
        public static final Delay DEFAULT = new Delay(Duration.ofSeconds(60), 256L << 20);
    }

    public static PublisherOptions of(String database) {
        return new PublisherOptions(Limits.DEFAULT, Delay.DEFAULT, 16L << 20, database);
    }
}
