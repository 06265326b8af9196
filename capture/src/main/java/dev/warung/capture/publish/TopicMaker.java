package dev.warung.capture.publish;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Creates topics with the settings that readers rely on.
 *
 * <p>Thread: the publisher's.
 */
final class TopicMaker implements AutoCloseable {

    /** Room for a row of the largest size with its row before, as JSON. */
    static final int RECORD_BYTES_MAX = 64 << 20;

    private static final String TRANSACTION_VERSION = "transaction.version";
    private static final short SAFE_TRANSACTIONS = 2;
    private static final String FOR_EVER = "-1";
    private static final String SEGMENT_MS = Long.toString(24L * 60 * 60 * 1000);

    private final Admin admin;
    private final Topics topics;
    private final KafkaSettings settings;
    private final Set<String> made = new HashSet<>();

    TopicMaker(KafkaSettings settings, Topics topics) {
        this.settings = settings;
        this.topics = topics;
        Map<String, Object> properties = settings.clientProperties();
        properties.put("default.api.timeout.ms", "20000");
        properties.put("request.timeout.ms", "10000");
        this.admin = Admin.create(properties);
    }

    /** Refuses brokers whose transactions may lose or tear writes (before KIP-890, Kafka 4.0). */
    void requireSafeTransactions() {
        try {
            FinalizedVersionRange version = admin.describeFeatures()
                    .featureMetadata()
                    .get()
                    .finalizedFeatures()
                    .get(TRANSACTION_VERSION);
            if (version == null || version.maxVersionLevel() < SAFE_TRANSACTIONS) {
                throw new PipelineException(
                        ErrorCode.KAFKA_NOT_READY,
                        "The cluster's " + TRANSACTION_VERSION + " is "
                                + (version == null ? "not set" : version.maxVersionLevel()) + ", it must be "
                                + SAFE_TRANSACTIONS + " or more (kafka-features.sh upgrade).");
            }
        } catch (ExecutionException e) {
            throw new PipelineException(ErrorCode.KAFKA_UNREACHABLE, "Kafka cannot be asked: " + e.getCause() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PipelineException(ErrorCode.KAFKA_UNREACHABLE, "Interrupted while asking Kafka.", e);
        }
    }

    /** Creates commits, position and schema if they are not there. */
    void makeControlTopics() {
        make(List.of(
                topic(
                        topics.commits(),
                        Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_DELETE,
                                TopicConfig.RETENTION_MS_CONFIG,
                                ms(settings.keep().deletes().toMillis()))),
                topic(
                        topics.position(),
                        Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_COMPACT,
                                TopicConfig.SEGMENT_MS_CONFIG,
                                ms(60_000),
                                TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                                "0.1")),
                topic(
                        topics.schema(),
                        Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_DELETE,
                                TopicConfig.RETENTION_MS_CONFIG,
                                FOR_EVER))));
    }

    /** Creates the topics of table generations if they are not there. */
    void makeTableTopics(Collection<String> names) {
        make(names.stream().map(this::tableTopic).toList());
    }

    @Override
    public void close() {
        admin.close();
    }

    private NewTopic tableTopic(String name) {
        return topic(
                name,
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                        ms(settings.keep().versions().toMillis()),
                        TopicConfig.DELETE_RETENTION_MS_CONFIG,
                        ms(settings.keep().deletes().toMillis()),
                        TopicConfig.SEGMENT_MS_CONFIG,
                        SEGMENT_MS));
    }

    private NewTopic topic(String name, Map<String, String> config) {
        Map<String, String> all = new HashMap<>(config);
        all.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(RECORD_BYTES_MAX));
        all.put(TopicConfig.RETENTION_BYTES_CONFIG, FOR_EVER);
        all.put(TopicConfig.SEGMENT_BYTES_CONFIG, Long.toString(settings.keep().segmentBytes()));
        return new NewTopic(name, Optional.of(1), Optional.of(settings.replication())).configs(all);
    }

    private void make(Collection<NewTopic> wanted) {
        List<NewTopic> missing = new ArrayList<>();
        wanted.stream().filter(topic -> !made.contains(topic.name())).forEach(missing::add);
        if (missing.isEmpty()) {
            return;
        }
        admin.createTopics(missing).values().forEach((name, future) -> {
            try {
                future.get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw new PipelineException(
                            ErrorCode.KAFKA_UNREACHABLE, "Topic " + name + " cannot be created: " + e.getCause(), e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PipelineException(ErrorCode.KAFKA_UNREACHABLE, "Interrupted while creating " + name + ".", e);
            }
            made.add(name);
        });
    }

    private static String ms(long value) {
        return Long.toString(value);
    }
}
