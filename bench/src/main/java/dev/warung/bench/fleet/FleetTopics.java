package dev.warung.bench.fleet;

import dev.warung.bench.measure.BenchException;
import dev.warung.bench.measure.Wait;
import dev.warung.core.wire.OutletCodec;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.ShapeCodec;
import dev.warung.core.wire.ShapeSchema;
import dev.warung.core.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The private topics of a fleet and the shape topics that they name, as an outlet would find them; positions at their ends. */
final class FleetTopics {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration ENDS_LIMIT = Duration.ofSeconds(30);
    private static final Duration ENDS_EVERY = Duration.ofMillis(200);
    private static final int TOPICS_AT_ONCE = 500;

    private final Map<String, OutletRecord> outlets = new TreeMap<>();
    private final Map<String, Uuid> ids = new HashMap<>();
    private final Map<String, Long> ends = new HashMap<>();
    private final ShapeSchema schema;

    private FleetTopics(String bootstrapServers, Topics topics, List<String> codes, Consumer<String> progress)
            throws ExecutionException, InterruptedException {
        List<String> names = codes.stream().map(topics::outlet).toList();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
                KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers)) {
            awaitTopics(admin, names, progress);
            readOutlets(consumer, names, progress);
            List<String> all = new ArrayList<>(names);
            outlets.values().stream()
                    .flatMap(outlet -> outlet.shapes().stream())
                    .map(OutletRecord.Feed::topic)
                    .distinct()
                    .forEach(all::add);
            describe(admin, all);
            List<TopicPartition> partitions =
                    all.stream().map(name -> new TopicPartition(name, 0)).toList();
            consumer.endOffsets(partitions).forEach((partition, end) -> ends.put(partition.topic(), end));
            schema = readSchema(consumer, all.get(all.size() - 1));
        }
    }

    /** Waits until every outlet has its private topic and at least one complete shape in it. */
    static FleetTopics await(String bootstrapServers, Topics topics, List<String> codes, Consumer<String> progress) {
        try {
            return new FleetTopics(bootstrapServers, topics, codes, progress);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted while waiting for the outlets' topics", e);
        } catch (ExecutionException e) {
            throw new BenchException("Kafka cannot be read: " + e.getMessage(), e);
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static void awaitTopics(Admin admin, List<String> names, Consumer<String> progress)
            throws ExecutionException, InterruptedException {
        long end = System.nanoTime() + FleetSetup.LIMIT.toNanos();
        int before = -1;
        while (true) {
            Set<String> there = admin.listTopics().names().get();
            int count = (int) names.stream().filter(there::contains).count();
            if (count == names.size()) {
                return;
            }
            if (System.nanoTime() - end > 0) {
                throw new BenchException("only " + count + " of " + names.size() + " outlets have a private topic");
            }
            if (count / 250 != before / 250) {
                progress.accept(count + " private topics");
            }
            before = count;
            Wait.during(Duration.ofSeconds(1));
        }
    }

    private void readOutlets(KafkaConsumer<byte[], byte[]> consumer, List<String> names, Consumer<String> progress) {
        List<TopicPartition> partitions =
                names.stream().map(name -> new TopicPartition(name, 0)).toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Wait.until("a complete shape of each outlet", FleetSetup.LIMIT, () -> {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.value() != null) {
                    OutletRecord outlet = OutletCodec.decode(record.value());
                    if (!outlet.shapes().isEmpty()) {
                        outlets.put(outlet.code(), outlet);
                    }
                }
            }
            return outlets.size() == names.size();
        });
        progress.accept(outlets.size() + " outlets know their topics");
    }

    private void describe(Admin admin, List<String> all) throws ExecutionException, InterruptedException {
        for (int from = 0; from < all.size(); from += TOPICS_AT_ONCE) {
            List<String> some = all.subList(from, Math.min(all.size(), from + TOPICS_AT_ONCE));
            Map<String, TopicDescription> described =
                    admin.describeTopics(some).allTopicNames().get();
            described.forEach((name, topic) -> ids.put(name, topic.topicId()));
        }
    }

    private static ShapeSchema readSchema(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
        consumer.assign(partition);
        consumer.seekToBeginning(partition);
        List<ShapeSchema> found = new ArrayList<>();
        Wait.until("the description of " + topic, FleetSetup.LIMIT, () -> {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (ShapeCodec.isSchemaKey(record.key())) {
                    found.add(ShapeCodec.decodeSchema(record.value()));
                }
            }
            return !found.isEmpty();
        });
        return found.get(0);
    }

    /** Records that the shape topics have had by now, all together. */
    long shapeEnds(String bootstrapServers) {
        List<TopicPartition> partitions = outlets.values().stream()
                .flatMap(outlet -> outlet.shapes().stream())
                .map(shape -> new TopicPartition(shape.topic(), 0))
                .distinct()
                .toList();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers)) {
            return consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    /** Whether they come to have so many: the end of a Kafka transaction reaches its topics a little later than its writer. */
    boolean awaitShapeEnds(String bootstrapServers, long records) {
        long until = System.nanoTime() + ENDS_LIMIT.toNanos();
        while (shapeEnds(bootstrapServers) < records) {
            if (System.nanoTime() - until >= 0) {
                return false;
            }
            Wait.during(ENDS_EVERY);
        }
        return true;
    }

    List<String> codes() {
        return List.copyOf(outlets.keySet());
    }

    /** Of the shape that all have. */
    ShapeSchema schema() {
        return schema;
    }

    /** The private topic and the shape topics of an outlet. */
    List<Feed> feeds(Topics topics, String code) {
        OutletRecord outlet = outlets.get(code);
        if (outlet == null) {
            throw new BenchException("no outlet " + code);
        }
        List<Feed> feeds = new ArrayList<>();
        feeds.add(feed(topics.outlet(code)));
        outlet.shapes().forEach(shape -> feeds.add(feed(shape.topic())));
        return feeds;
    }

    private Feed feed(String topic) {
        return new Feed(topic, ids.getOrDefault(topic, Uuid.ZERO_UUID), ends.getOrDefault(topic, 0L));
    }
}
