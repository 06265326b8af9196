package dev.warung.bench.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.bench.measure.Wait;
import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import dev.warung.core.value.ValueKind;
import dev.warung.core.wire.OutletCodec;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.ShapeCodec;
import dev.warung.core.wire.ShapeRecord;
import dev.warung.core.wire.ShapeSchema;
import dev.warung.core.wire.Topics;
import dev.warung.testkit.KafkaFixture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Light outlets against a real broker, without a router: the test writes what it would write. */
class LightFleetIT {

    private static final int OUTLETS = 40;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.create();

    private final Topics topics = new Topics(KAFKA.createPrefix());
    private final String shapeTopic = topics.prefix() + ".shape.katalog.1";
    private final List<String> codes =
            IntStream.rangeClosed(1, OUTLETS).mapToObj(i -> "toko-" + i).toList();
    private String topicId = "";
    private int ordinal;

    @Test
    void everyLightOutletGetsEveryChangeOnceAlsoAfterAllHaveLostTheBroker() throws Exception {
        createTopics();
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            writeOutlets(producer);
            FleetTopics from = FleetTopics.await(KAFKA.bootstrapServers(), topics, codes, line -> {});
            assertThat(from.codes()).hasSize(OUTLETS);
            try (LightFleet fleet = LightFleet.start(KAFKA.bootstrapServers(), topics, from, InstantSource.system())) {
                change(producer, 3);
                await(fleet, 3 * OUTLETS);
                assertThat(fleet.deliveries().take()).hasSize(3 * OUTLETS);

                fleet.disconnect();
                change(producer, 2);
                fleet.deliveries().await(1);
                fleet.reconnect();
                await(fleet, 2 * OUTLETS);

                assertThat(fleet.deliveries().take()).hasSize(2 * OUTLETS);
                assertThat(fleet.deliveries().takeLost()).isZero();
            }
        }
    }

    private static void await(LightFleet fleet, int count) {
        Wait.until("deliveries", LIMIT, () -> {
            fleet.check();
            return fleet.deliveries().count() >= count;
        });
    }

    private void createTopics() throws Exception {
        List<NewTopic> wanted = new ArrayList<>();
        codes.forEach(code -> wanted.add(new NewTopic(topics.outlet(code), 1, (short) 1)));
        wanted.add(new NewTopic(shapeTopic, 1, (short) 1));
        try (Admin admin = KAFKA.admin()) {
            CreateTopicsResult result = admin.createTopics(wanted);
            result.all().get();
            topicId = result.topicId(shapeTopic).get().toString();
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", KAFKA.bootstrapServers(), "transactional.id", topics.prefix() + ".router"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    private void writeOutlets(KafkaProducer<byte[], byte[]> producer) throws Exception {
        ShapeSchema schema = new ShapeSchema(
                "katalog",
                Map.of(),
                1,
                List.of(new ShapeSchema.Table(
                        new TableId("public", "katalog"),
                        List.of(new ShapeSchema.ShapeColumn("id", "integer", ValueKind.INTEGER, true)),
                        List.of("id"))),
                new ShapeSchema.Keep(1000, 1000));
        producer.beginTransaction();
        send(producer, shapeTopic, ShapeCodec.schemaKey(), ShapeCodec.encode(schema));
        for (String code : codes) {
            List<OutletRecord.Feed> feeds = List.of(new OutletRecord.Feed("katalog", shapeTopic, topicId, 1));
            OutletRecord outlet = new OutletRecord("id", code, "toko", Map.of(), true, 1, feeds, List.of());
            send(
                    producer,
                    topics.outlet(code),
                    OutletCodec.KEY.getBytes(StandardCharsets.US_ASCII),
                    OutletCodec.encode(outlet));
        }
        producer.commitTransaction();
    }

    private void change(KafkaProducer<byte[], byte[]> producer, int count) {
        for (int i = 0; i < count; i++) {
            ordinal++;
            byte[] row = ("[" + ordinal + "]").getBytes(StandardCharsets.US_ASCII);
            long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
            ShapeRecord.End end =
                    new ShapeRecord.End(new ChangeId(1, Lsn.parse("0/1"), ordinal), Lsn.parse("0/1"), now);
            producer.beginTransaction();
            send(producer, shapeTopic, ("[0," + ordinal + "]").getBytes(StandardCharsets.US_ASCII), row);
            send(producer, shapeTopic, ShapeCodec.endKey(), ShapeCodec.encode(end));
            producer.commitTransaction();
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, byte[] key, byte[] value) {
        var unused = producer.send(new ProducerRecord<>(topic, key, value));
    }
}
