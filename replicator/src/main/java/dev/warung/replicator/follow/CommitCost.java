package dev.warung.replicator.follow;

import java.time.Duration;

/**
 * How long a commit takes because many shape topics were written to: each one costs the broker a batch and a marker, whatever is in it.
 *
 * <p>Used only by the replicator thread.
 */
final class CommitCost {

    /** With fewer topics, what a commit takes is the disk's and Kafka's time, which a larger batch does not save. */
    private static final int MANY_TOPICS = 500;
    /** Until a commit has shown it; measured, docs/bench.md. */
    private static final Duration TOPIC_AT_FIRST = Duration.ofNanos(150_000);

    private long topicNanos = TOPIC_AT_FIRST.toNanos();

    /** Learns from a commit; half of what is believed is the last one's. */
    void took(Duration time, int topics) {
        if (topics >= MANY_TOPICS) {
            topicNanos = (topicNanos + time.toNanos() / topics) / 2;
        }
    }

    /** What the next commit will take for its topics; zero if they are few. */
    Duration of(int topics) {
        return topics < MANY_TOPICS ? Duration.ZERO : Duration.ofNanos(topics * topicNanos);
    }
}
