package dev.warung.intake;

import dev.warung.core.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what outlets send, shared with the other instances of intake. A topic whose record must wait is passed over, so that no outlet waits
 * for another.
 *
 * <p>Thread: one.
 */
final class UploadReader implements AutoCloseable {

    private static final int FETCH_BYTES = 8 << 20;
    private static final int PARTITION_FETCH_BYTES = 1 << 20;
    private static final int POLL_RECORDS = 20;
    private static final int METADATA_MS = 5_000;
    /** After that the others take over what a dead instance has read. */
    private static final int SESSION_MS = 10_000;

    private static final int PATIENCE_MS = 20_000;
    /** An upload may take that long, with all its tries. */
    private static final int POLL_INTERVAL_MS = 600_000;

    private final Consumer<byte[], byte[]> consumer;
    private final Set<TopicPartition> lost = new HashSet<>();

    UploadReader(Map<String, Object> kafka, Topics topics) {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, topics.intakeGroup());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_MS);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, POLL_INTERVAL_MS);
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MS);
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, SESSION_MS / 4);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS);
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS / 2);
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(topics.uploads(), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                lost.addAll(partitions);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                // Nothing is known of them yet.
            }
        });
    }

    /** What has come, by topic, in order. */
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> poll(Duration patience) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        consumer.poll(patience)
                .forEach(record -> records.computeIfAbsent(
                                new TopicPartition(record.topic(), record.partition()), p -> new ArrayList<>())
                        .add(record));
        return records;
    }

    /** How many records this instance has not read yet, as far as it knows. */
    long lagRecords() {
        return consumer.assignment().stream()
                .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                .sum();
    }

    /** The topics that others read since this was asked last. */
    Set<TopicPartition> lost() {
        Set<TopicPartition> gone = Set.copyOf(lost);
        lost.clear();
        return gone;
    }

    /** Everything before this offset is in PostgreSQL. */
    void commit(TopicPartition partition, long offset) {
        consumer.commitSync(Map.of(partition, new OffsetAndMetadata(offset)));
    }

    /** Passes a topic over from this offset on, until {@link #resume}. */
    void pause(TopicPartition partition, long offset) {
        if (consumer.assignment().contains(partition)) {
            consumer.seek(partition, offset);
            consumer.pause(Set.of(partition));
        }
    }

    void resume(TopicPartition partition) {
        if (consumer.assignment().contains(partition)) {
            consumer.resume(Set.of(partition));
        }
    }

    /** Ends a poll that waits; from any thread. */
    void wakeUp() {
        consumer.wakeup();
    }

    @Override
    @SuppressWarnings("deprecation") // the replacement names a group membership, which is left as it is by default
    public void close() {
        consumer.close(Duration.ofSeconds(5));
    }
}
