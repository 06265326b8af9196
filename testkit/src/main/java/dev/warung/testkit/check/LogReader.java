package dev.warung.testkit.check;

import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.ControlCodec;
import dev.warung.core.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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

    Topics topics() {
        return topics;
    }

    /** Table topics of this pipeline, sorted. */
    public Set<String> tableTopics() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            Set<String> names = new TreeSet<>(consumer.listTopics().keySet());
            names.removeIf(name -> !name.startsWith(topics.prefix() + ".")
                    || Set.of(topics.commits(), topics.schema(), topics.position())
                            .contains(name)
                    || !topics.isTable(name));
            return names;
        }
    }

    /** The topics whose names begin so, sorted. */
    public Set<String> topics(String stem) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            Set<String> names = new TreeSet<>(consumer.listTopics().keySet());
            names.removeIf(name -> !name.startsWith(stem));
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
        Map<String, Long> next = new HashMap<>(Map.of(topic, from));
        read(next, reader);
        return next.getOrDefault(topic, from);
    }

    /**
     * Hands over the committed records of several topics, each from an offset to its end as of now. The records of one topic come in
     * their order.
     *
     * @param next where to read each topic from; afterwards, where to read on
     */
    public void read(Map<String, Long> next, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        List<TopicPartition> partitions = next.keySet().stream()
                .map(topic -> new TopicPartition(topic, 0))
                .toList();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
            for (TopicPartition partition : partitions) {
                long from = next.getOrDefault(partition.topic(), 0L);
                consumer.seek(partition, Math.max(first.getOrDefault(partition, 0L), from));
            }
            while (partitions.stream().anyMatch(p -> consumer.position(p) < end.getOrDefault(p, 0L))) {
                consumer.poll(POLL).forEach(reader);
            }
            partitions.forEach(p -> next.put(p.topic(), consumer.position(p)));
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
