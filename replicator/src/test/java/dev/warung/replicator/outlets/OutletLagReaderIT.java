package dev.warung.replicator.outlets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.warung.core.wire.OutletCodec;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.Topics;
import dev.warung.testkit.KafkaFixture;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OutletLagReaderIT {

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.create();

    private static final long NOW_MS = 1_700_000_000_000L;
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(NOW_MS));

    private final Topics topics = new Topics(KAFKA.createPrefix());
    private final String catalog = topics.shape("catalog", List.of(), 1);
    private final String branch = topics.shape("branch", List.of("7"), 1);
    private final Admin admin = KAFKA.admin();
    private final OutletLagReader reader =
            new OutletLagReader(Map.of("bootstrap.servers", KAFKA.bootstrapServers()), topics, InstantSource.system());

    @BeforeEach
    void createTopics() throws Exception {
        List<NewTopic> all = new ArrayList<>();
        for (String name : List.of(catalog, branch, topics.outlet("kota-7"), topics.outlet("kota-8"))) {
            all.add(new NewTopic(name, 1, (short) 1).configs(Map.of("retention.ms", "-1")));
        }
        admin.createTopics(all).all().get();
    }

    @AfterEach
    void close() {
        reader.close();
        admin.close();
    }

    @Test
    void lagIsWhatTheTopicsHoldBeyondThePublishedPosition() throws Exception {
        publish("kota-7", catalog, branch);
        publish("kota-8", catalog);
        for (int i = 0; i < 10; i++) {
            send(catalog, NOW_MS - 60_000 + i * 1_000L);
            send(branch, NOW_MS - 30_000 + i * 1_000L);
        }
        commit("kota-7", NOW_MS - 5_000, "1/2/3/4", Map.of(catalog, 8L, branch, 10L));
        try (OutletLagReader fixed =
                new OutletLagReader(Map.of("bootstrap.servers", KAFKA.bootstrapServers()), topics, CLOCK)) {

            List<OutletLag> lags = fixed.readAll();

            assertThat(lags).extracting(OutletLag::code).containsExactly("kota-7", "kota-8");
            OutletLag behind = lags.get(0);
            assertThat(behind.rows()).isEqualTo(2);
            assertThat(behind.lastSeenMs()).hasValue(NOW_MS - 5_000);
            assertThat(behind.applied()).isEqualTo("1/2/3/4");
            assertThat(behind.behindMs()).isEqualTo(52_000);
            assertThat(behind.feeds()).extracting(OutletRecord.Feed::topic).containsExactly(catalog, branch);
            OutletLag never = lags.get(1);
            assertThat(never.lastSeenMs()).isEmpty();
            assertThat(never.rows()).isEqualTo(10);
            assertThat(never.behindMs()).isEqualTo(60_000);
        }
    }

    @Test
    void whoHasEverythingIsNotBehindAndLaterChangesAreSeen() throws Exception {
        publish("kota-7", catalog);
        send(catalog, NOW_MS);
        commit("kota-7", NOW_MS, "1/2/3/4", Map.of(catalog, 1L));
        assertThat(reader.read(List.of("kota-7")))
                .extracting(OutletLag::rows, OutletLag::behindMs)
                .containsExactly(tuple(0L, 0L));

        publish("kota-7", catalog, branch);
        send(branch, NOW_MS);

        assertThat(reader.read(List.of("kota-7"))).extracting(OutletLag::rows).containsExactly(1L);
    }

    @Test
    void anOutletThatKafkaDoesNotKnowHasNothing() {
        assertThat(reader.read(List.of("nobody")))
                .containsExactly(new OutletLag("nobody", List.of(), OptionalLong.empty(), "", 0, 0));
    }

    private void publish(String code, String... shapes) throws Exception {
        List<OutletRecord.Feed> feeds = new ArrayList<>();
        for (String topic : shapes) {
            feeds.add(new OutletRecord.Feed("s", topic, "id", 1));
        }
        byte[] value = OutletCodec.encode(new OutletRecord("id", code, code, Map.of(), true, 1, feeds, List.of()));
        send(new ProducerRecord<>(
                topics.outlet(code), 0, NOW_MS, OutletCodec.KEY.getBytes(StandardCharsets.UTF_8), value));
    }

    private void send(String topic, long timestampMs) throws Exception {
        send(new ProducerRecord<>(topic, 0, timestampMs, new byte[] {1}, new byte[] {1}));
    }

    private void send(ProducerRecord<byte[], byte[]> one) throws ExecutionException, InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", KAFKA.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(one).get();
        }
    }

    private void commit(String code, long atMs, String applied, Map<String, Long> offsets) throws Exception {
        String said = "{\"at_ms\":" + atMs + ",\"applied\":\"" + applied + "\"}";
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        offsets.forEach(
                (topic, offset) -> positions.put(new TopicPartition(topic, 0), new OffsetAndMetadata(offset, said)));
        admin.alterConsumerGroupOffsets(topics.monitoringGroup("outlet", code), positions)
                .all()
                .get();
    }
}
