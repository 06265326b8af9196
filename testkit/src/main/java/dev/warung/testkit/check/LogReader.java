package dev.warung.testkit.check;

import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.ControlCodec;
import dev.warung.core.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** An independent reader of the log with plain kafka-clients. */
public final class LogReader {

    private static final Duration POLL = Duration.ofSeconds(5);

    private final String bootstrapServers;
    private final Topics topics;

    public LogReader(String bootstrapServers, Topics topics) {
        this.bootstrapServers = bootstrapServers;
        this.topics = topics;
    }

    /** Table topics of this pipeline, sorted. */
    public Set<String> tableTopics() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            Set<String> names = new TreeSet<>(consumer.listTopics().keySet());
            names.removeIf(name -> !name.startsWith(topics.prefix() + ".")
                    || Set.of(topics.commits(), topics.schema(), topics.position())
                            .contains(name));
            return names;
        }
    }

    /** All committed records of a topic, from its first to its end as of now; for topics that fit into memory. */
    public List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        read(topic, 0, records::add);
        return records;
    }

    /**
     * Hands over the committed records of a topic from an offset to its end as of now.
     *
     * @return where to read on
     */
    public long read(String topic, long from, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(List.of(partition));
            long first = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
            consumer.seek(partition, Math.max(first, from));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(POLL).forEach(reader);
            }
            return consumer.position(partition);
        }
    }

    public List<CommitRecord> commits() {
        return readAll(topics.commits()).stream()
                .map(r -> ControlCodec.decodeCommit(r.value()))
                .toList();
    }

    /** Everything that is wrong with the log as a whole; empty if nothing is. See {@link LogAudit}. */
    public List<String> problems() {
        return new LogAudit(this, topics).problems();
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "none",
                        "fetch.max.bytes",
                        8 << 20),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
