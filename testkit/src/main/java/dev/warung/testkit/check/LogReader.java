package dev.warung.testkit.check;

import dev.warung.core.change.ChangeId;
import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.ControlCodec;
import dev.warung.core.wire.Headers;
import dev.warung.core.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * An independent reader of the log with plain kafka-clients, and what must be true of it: ids only grow inside a topic (I5), the commit
 * records form one chain, no PostgreSQL transaction ends twice.
 */
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

    /** All committed records of a topic, from its first to its end as of now. */
    public List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(POLL).forEach(records::add);
            }
        }
        return records;
    }

    public List<CommitRecord> commits() {
        return readAll(topics.commits()).stream()
                .map(r -> ControlCodec.decodeCommit(r.value()))
                .toList();
    }

    /** Everything that is wrong with the log; empty if nothing is. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>(chainProblems(commits()));
        for (String topic : tableTopics()) {
            problems.addAll(orderProblems(topic));
        }
        return problems;
    }

    /** Records with both headers, ids growing. A tombstone has an id of its own. */
    private List<String> orderProblems(String topic) {
        List<String> problems = new ArrayList<>();
        ChangeId last = ChangeId.NONE;
        for (ConsumerRecord<byte[], byte[]> each : readAll(topic)) {
            Header id = each.headers().lastHeader(Headers.ID);
            if (id == null || each.headers().lastHeader(Headers.VERSION) == null) {
                problems.add("I5: " + topic + " offset " + each.offset() + " lacks a header");
                continue;
            }
            ChangeId here = ChangeId.fromBytes(id.value());
            if (!here.isAfter(last)) {
                problems.add("I5: " + topic + " offset " + each.offset() + " has id " + here + " after " + last);
            }
            last = here;
        }
        return problems;
    }

    private static List<String> chainProblems(List<CommitRecord> commits) {
        List<String> problems = new ArrayList<>();
        Map<ChangeId, Long> ends = new HashMap<>();
        ChangeId last = commits.isEmpty() ? ChangeId.NONE : commits.get(0).previous();
        for (CommitRecord commit : commits) {
            if (!commit.previous().equals(last)) {
                problems.add(
                        "I2: a commit record follows " + commit.previous() + ", but the one before ends with " + last);
            }
            if (!commit.last().isAfter(commit.previous())) {
                problems.add("I5: a commit record ends with " + commit.last() + " after " + commit.previous());
            }
            for (CommitRecord.TransactionEnd end : commit.ends()) {
                if (ends.put(end.id(), end.xid()) != null) {
                    problems.add("I2: the transaction that ends with " + end.id() + " ends twice");
                }
            }
            last = commit.last();
        }
        return problems;
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
