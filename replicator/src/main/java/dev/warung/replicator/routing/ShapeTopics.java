package dev.warung.replicator.routing;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.replicator.log.TopicIds;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates and deletes the topics of the router. Used only by the replicator thread. */
final class ShapeTopics {

    private static final int TOPICS_AT_A_TIME = 250;
    private static final int RECORD_BYTES_MAX = 64 << 20;
    /** Each entry of an index may be a page that has to be read and written: most shapes get by without any. */
    private static final int INDEX_INTERVAL_BYTES = 128 << 10;

    private static final String DAY_MS = Long.toString(24L * 60 * 60 * 1000);
    /** With thousands of topics a broker takes milliseconds for each new one, after the controller has answered. */
    private static final Duration KNOWN_WITHIN = Duration.ofMinutes(2);

    private static final Duration KNOWN_STEP = Duration.ofMillis(20);

    private final Admin admin;
    private final RouterOptions options;

    ShapeTopics(Admin admin, RouterOptions options) {
        this.admin = admin;
        this.options = options;
    }

    /** Creates the router's own topic if it is not there. */
    void makeRouting() {
        NewTopic topic = new NewTopic(
                        options.topics().routing(),
                        Optional.of(1),
                        Optional.of(options.shapeTopics().replication()))
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.SEGMENT_MS_CONFIG,
                        "600000",
                        TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                        "0.1"));
        create(List.of(topic));
    }

    /**
     * Creates compacted topics, a part of them at a time, and waits until the broker has each part: what is asked of it faster than it can
     * make topics keeps it from everything else.
     *
     * @return the id of each one that is new; those that existed already are left out
     */
    Map<String, String> make(Collection<String> names) {
        return make(names, this::compacted);
    }

    /** Creates the topics in which outlets send what they wrote; one that is there stays as it is. */
    void makeUploads(Collection<String> names) {
        make(names, this::upload);
    }

    /** The ids of those topics that are there. */
    Map<String, String> ids(Collection<String> names) {
        return new TopicIds(admin).of(names);
    }

    /** Deletes topics; one that is gone already is no fault. */
    void delete(Collection<String> names) {
        if (names.isEmpty()) {
            return;
        }
        admin.deleteTopics(names).topicNameValues().forEach((name, future) -> {
            try {
                await(name, "deleted", future);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw failure(name, "deleted", e);
                }
            }
        });
    }

    /** The names of all topics that begin so. */
    Set<String> beginningWith(String stem) {
        try {
            Set<String> names = new TreeSet<>(
                    await("all topics", "listed", admin.listTopics().names()));
            names.removeIf(name -> !name.startsWith(stem));
            return names;
        } catch (ExecutionException e) {
            throw failure("all topics", "listed", e);
        }
    }

    private Map<String, String> make(Collection<String> names, Function<String, NewTopic> description) {
        Map<String, String> ids = new HashMap<>();
        List<String> all = List.copyOf(names);
        for (int from = 0; from < all.size(); from += TOPICS_AT_A_TIME) {
            List<String> part = all.subList(from, Math.min(all.size(), from + TOPICS_AT_A_TIME));
            Map<String, String> made = create(part.stream().map(description).toList());
            awaitKnown(made);
            ids.putAll(made);
        }
        return ids;
    }

    private void awaitKnown(Map<String, String> made) {
        long until = System.nanoTime() + KNOWN_WITHIN.toNanos();
        Set<String> missing = new TreeSet<>(made.keySet());
        while (true) {
            missing.removeAll(ids(missing).keySet());
            if (missing.isEmpty()) {
                return;
            }
            if (System.nanoTime() - until > 0) {
                throw new PipelineException(
                        ErrorCode.KAFKA_UNREACHABLE,
                        missing.size() + " topics were created " + KNOWN_WITHIN.toSeconds()
                                + " s ago, and the brokers do not have them yet: "
                                + missing.iterator().next() + ", ...");
            }
            LockSupport.parkNanos(KNOWN_STEP.toNanos());
        }
    }

    private Map<String, String> create(Collection<NewTopic> topics) {
        CreateTopicsResult result = admin.createTopics(topics);
        Map<String, String> ids = new HashMap<>();
        result.values().forEach((name, future) -> {
            try {
                await(name, "created", future);
                Uuid id = await(name, "created", result.topicId(name));
                ids.put(name, id.toString());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw failure(name, "created", e);
                }
            }
        });
        return ids;
    }

    private NewTopic compacted(String name) {
        RouterOptions.TopicOptions keep = options.shapeTopics();
        return new NewTopic(name, Optional.of(1), Optional.of(keep.replication()))
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        TopicConfig.INDEX_INTERVAL_BYTES_CONFIG,
                        Integer.toString(INDEX_INTERVAL_BYTES),
                        TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                        Long.toString(keep.versions().toMillis()),
                        TopicConfig.DELETE_RETENTION_MS_CONFIG,
                        Long.toString(keep.deletes().toMillis()),
                        TopicConfig.SEGMENT_MS_CONFIG,
                        DAY_MS,
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        Long.toString(keep.segmentBytes()),
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(RECORD_BYTES_MAX)));
    }

    private NewTopic upload(String name) {
        return new NewTopic(
                        name, Optional.of(1), Optional.of(options.shapeTopics().replication()))
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(options.shapeTopics().deletes().toMillis()),
                        TopicConfig.SEGMENT_MS_CONFIG,
                        DAY_MS,
                        // Intake judges a device's clock by the broker's.
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        "LogAppendTime",
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(RECORD_BYTES_MAX)));
    }

    private static <T> T await(String name, String what, KafkaFuture<T> future) throws ExecutionException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PipelineException(
                    ErrorCode.KAFKA_UNREACHABLE, "Interrupted while " + name + " was to be " + what + ".", e);
        }
    }

    private static PipelineException failure(String name, String what, ExecutionException e) {
        return new PipelineException(
                ErrorCode.KAFKA_UNREACHABLE, "Topic " + name + " cannot be " + what + ": " + e.getCause(), e);
    }
}
