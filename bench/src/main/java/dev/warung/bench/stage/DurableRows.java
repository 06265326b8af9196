package dev.warung.bench.stage;

import dev.warung.bench.load.BenchTable;
import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.ControlCodec;
import dev.warung.core.wire.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Counts what capture has committed to Kafka, by its commit records: a few hundred bytes for each Kafka transaction, so that watching
 * costs next to nothing.
 *
 * <p>Thread: one.
 */
final class DurableRows implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(20);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final String table;
    private long rows;
    private long ends;

    DurableRows(String bootstrapServers, Topics topics) {
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.partition = new TopicPartition(topics.commits(), 0);
        this.table = topics.prefix() + "." + BenchTable.ID + ".";
    }

    /** Whether capture has made its topics; until then there is nothing to count. */
    boolean isThere() {
        if (consumer.assignment().isEmpty() && consumer.listTopics().containsKey(partition.topic())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
        }
        return !consumer.assignment().isEmpty();
    }

    /** Takes what has come, waiting a moment for it. */
    void poll() {
        for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(POLL)) {
            CommitRecord commit = ControlCodec.decodeCommit(entry.value());
            if (commit.kind() == CommitRecord.Kind.END) {
                ends++;
            }
            commit.topics().forEach((topic, extent) -> {
                if (topic.startsWith(table)) {
                    rows += extent.count();
                }
            });
        }
    }

    /** Takes everything that is durable now. */
    void drain() {
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        while (consumer.position(partition) < end) {
            poll();
        }
    }

    /** Rows of the table since the log began. */
    long rows() {
        return rows;
    }

    /** Kafka transactions of the stream since the log began that ended with a PostgreSQL transaction. */
    long ends() {
        return ends;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
