package dev.warung.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaServerIT {
    private static final TopicPartition T = new TopicPartition("t", 0);

    @Test
    void killedBrokerComesBackWithCommittedTransactions(@TempDir Path directory) throws Exception {
        try (KafkaServer server =
                KafkaServer.start(KafkaOptions.in(directory).withProperty("log.segment.bytes", "1048576"))) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic("t", 1, (short) 1)))
                        .all()
                        .get();
            }
            sendInTransaction(server, "first");
            int port = server.port();

            server.kill();
            server.start();
            sendInTransaction(server, "second");

            assertThat(server.port()).isEqualTo(port);
            assertThat(readAll(server)).containsExactly("first", "second");
        }
    }

    @Test
    void brokerEndsWithItsParent(@TempDir Path directory) {
        JavaProcess parent =
                JavaProcess.start(JavaProcess.Spec.of(KafkaParentMain.class.getName(), directory.resolve("parent.log"))
                        .withArgs(directory.resolve("kafka").toString()));
        parent.awaitOutput("running ", Duration.ofSeconds(90));
        long pid = Long.parseLong(parent.output().replaceAll("(?s).*running (\\d+).*", "$1"));
        ProcessHandle broker = ProcessHandle.of(pid).orElseThrow();

        parent.kill();

        assertThat(Await.until(Duration.ofSeconds(30), () -> !broker.isAlive())).isTrue();
    }

    private static void sendInTransaction(KafkaServer server, String value) throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", server.bootstrapServers(), "transactional.id", "test");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("t", value.getBytes(StandardCharsets.UTF_8)))
                    .get();
            producer.commitTransaction();
        }
    }

    private static List<String> readAll(KafkaServer server) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", server.bootstrapServers(),
                "isolation.level", "read_committed",
                "auto.offset.reset", "none");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(T));
            consumer.seek(T, 0);
            List<String> values = new java.util.ArrayList<>();
            Await.until(Duration.ofSeconds(20), () -> {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(r -> values.add(new String(r.value(), StandardCharsets.UTF_8)));
                return values.size() >= 2;
            });
            return values;
        }
    }
}
