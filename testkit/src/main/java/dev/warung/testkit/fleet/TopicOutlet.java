package dev.warung.testkit.fleet;

import dev.warung.core.wire.OutletCodec;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The simplest outlet there is: reads the topics that its private topic names into memory, and writes a file when it is asked for one. So the
 * oracle can judge the router without an outlet, and each end mark can be checked.
 *
 * <p>Thread: one.
 */
public final class TopicOutlet implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition own;
    private final Map<String, TopicFeed> feeds = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private @Nullable OutletRecord outlet;

    public TopicOutlet(String bootstrapServers, Topics topics, String code) {
        this.own = new TopicPartition(topics.outlet(code), 0);
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "isolation.level",
                        "read_committed",
                        "auto.offset.reset",
                        "earliest",
                        "allow.auto.create.topics",
                        "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(own));
        consumer.seekToBeginning(List.of(own));
    }

    /** What the private topic said last. */
    public Optional<OutletRecord> outlet() {
        return Optional.ofNullable(outlet);
    }

    /** What no topic may hold: a key whose change id goes back, a pair that is torn at an end mark. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** Reads everything that is committed now; the topics of the newest private record. */
    public void read() {
        toEnds(List.of(own));
        follow();
        toEnds(consumer.assignment());
        feeds.values().forEach(TopicFeed::passed);
    }

    private void toEnds(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.topic().equals(own.topic())) {
                    privately(record);
                } else {
                    TopicFeed feed = feeds.get(record.topic());
                    if (feed != null) {
                        feed.add(record);
                    }
                }
            }
        }
    }

    private void privately(ConsumerRecord<byte[], byte[]> record) {
        if (new String(record.key(), StandardCharsets.UTF_8).equals(OutletCodec.KEY) && record.value() != null) {
            outlet = OutletCodec.decode(record.value());
        }
    }

    /** Assigns the topics that are named now; those that are new, or were created again, are read from their beginning. */
    private void follow() {
        if (outlet == null) {
            return;
        }
        Map<String, String> named = outlet.shapes().stream()
                .collect(Collectors.toMap(OutletRecord.Feed::topic, OutletRecord.Feed::topicId));
        feeds.values().removeIf(feed -> !feed.topicId().equals(named.get(feed.topic())));
        List<TopicPartition> wanted = new ArrayList<>(List.of(own));
        List<TopicPartition> fresh = new ArrayList<>();
        named.forEach((topic, id) -> {
            TopicPartition partition = new TopicPartition(topic, 0);
            wanted.add(partition);
            if (!feeds.containsKey(topic)) {
                feeds.put(topic, new TopicFeed(topic, id, problems::add));
                fresh.add(partition);
            }
        });
        consumer.assign(wanted);
        if (!fresh.isEmpty()) {
            consumer.seekToBeginning(fresh);
        }
    }

    /** Writes what the topics hold at their last end marks; an existing file is replaced. */
    public void write(Path file) throws SQLException {
        TopicFile.write(file, feeds.values());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
