package dev.warung.replicator.log;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Watches that the topics being read are still the ones they were. Used only by the reader's thread. */
final class TopicGuard {

    private static final Duration CHECK_EVERY = Duration.ofSeconds(30);
    private static final Duration STALL_MAX = Duration.ofSeconds(20);

    private final TopicIds topicIds;
    private final Map<String, String> known;
    private long lastCheck = System.nanoTime();
    private long lastProgress = System.nanoTime();

    /** Checks the known ids at once. */
    TopicGuard(TopicIds topicIds, Map<String, String> known) {
        this.topicIds = topicIds;
        this.known = new HashMap<>(known);
        topicIds.check(known);
    }

    Map<String, String> known() {
        return Map.copyOf(known);
    }

    void forget(String topic) {
        known.remove(topic);
    }

    /** Looks up the ids of topics that are new. */
    void learn(Collection<String> topics) {
        List<String> unknown =
                topics.stream().filter(t -> !known.containsKey(t)).toList();
        if (unknown.isEmpty()) {
            return;
        }
        Map<String, String> found = topicIds.of(unknown);
        for (String topic : unknown) {
            String id = found.get(topic);
            if (id == null) {
                throw new ResyncNeededException("topic " + topic + " is named by a commit record, but does not exist");
            }
            known.put(topic, id);
        }
    }

    void checkSometimes() {
        if (elapsedSince(lastCheck).compareTo(CHECK_EVERY) > 0) {
            lastCheck = System.nanoTime();
            topicIds.check(known);
        }
    }

    void progressed() {
        lastProgress = System.nanoTime();
    }

    /** To be called when a topic that a commit record needs yields nothing. */
    void stalled(PartitionBuffer awaited, FetchBuffers fetched) {
        if (elapsedSince(lastProgress).compareTo(STALL_MAX) < 0) {
            return;
        }
        topicIds.check(known);
        long end = fetched.endOffset(awaited);
        if (end < awaited.needEnd()) {
            throw new PipelineException(
                    ErrorCode.LOG_INCONSISTENT,
                    "A commit record covers " + awaited.topic() + " up to offset " + awaited.needEnd()
                            + ", but the topic ends at " + end + ": Kafka lost records that it had acknowledged.");
        }
        progressed();
    }

    private static Duration elapsedSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
