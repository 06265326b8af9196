package dev.warung.replicator.outlets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.Topics;
import dev.warung.embedded.KafkaOptions;
import dev.warung.embedded.KafkaServer;
import dev.warung.embedded.Ports;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OutletAccessIT {

    private static final Topics TOPICS = new Topics("warung");
    private static final String PASSWORD = "rahasia-kota-7";
    private static final String OWN = TOPICS.outlet("kota-7");
    private static final String BRANCH = TOPICS.shape("branch", List.of("7"), 1);
    private static final String OTHER = TOPICS.shape("branch", List.of("8"), 1);

    private static KafkaServer server;
    private static int saslPort;
    private static Admin admin;

    @BeforeAll
    static void start() throws Exception {
        int port = Ports.free();
        int controller = Ports.free();
        saslPort = Ports.free();
        server = KafkaServer.start(KafkaOptions.temporary()
                .withHeap("384m")
                .withPort(port)
                .withProperty(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller + ",SASL://127.0.0.1:"
                                + saslPort)
                .withProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port + ",SASL://127.0.0.1:" + saslPort)
                .withProperty("controller.quorum.voters", "1@127.0.0.1:" + controller)
                .withProperty(
                        "listener.security.protocol.map",
                        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_PLAINTEXT")
                .withProperty("sasl.enabled.mechanisms", "SCRAM-SHA-512")
                .withProperty(
                        "listener.name.sasl.scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;")
                .withProperty("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .withProperty("super.users", "User:ANONYMOUS"));
        admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()));
        admin.createTopics(List.of(
                        new NewTopic(OWN, 1, (short) 1),
                        new NewTopic(BRANCH, 1, (short) 1),
                        new NewTopic(OTHER, 1, (short) 1)))
                .all()
                .get();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", server.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (String topic : List.of(OWN, BRANCH, OTHER)) {
                producer.send(new ProducerRecord<>(topic, new byte[] {1})).get();
            }
        }
    }

    @AfterAll
    static void stop() {
        admin.close();
        server.close();
    }

    @Test
    void anOutletReadsItsOwnTopicsAndNoOther() {
        OutletAccess access = new OutletAccess(admin, TOPICS);
        access.setPassword("kota-7", PASSWORD);
        access.allow("kota-7", List.of(new OutletRecord.Feed("branch", BRANCH, "id", 1)));

        await().ignoreExceptions().untilAsserted(() -> {
            assertThat(read(PASSWORD, OWN)).isEqualTo(1);
            assertThat(read(PASSWORD, BRANCH)).isEqualTo(1);
        });
        assertThatThrownBy(() -> read(PASSWORD, OTHER)).isInstanceOf(TopicAuthorizationException.class);
        assertThatThrownBy(() -> read("falsch", OWN)).isInstanceOf(SaslAuthenticationException.class);

        access.allow("kota-7", List.of(new OutletRecord.Feed("branch", OTHER, "id", 1)));

        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(read(PASSWORD, OTHER)).isEqualTo(1));
        await().untilAsserted(() ->
                assertThatThrownBy(() -> read(PASSWORD, BRANCH)).isInstanceOf(TopicAuthorizationException.class));

        access.remove("kota-7");

        await().untilAsserted(() ->
                assertThatThrownBy(() -> read(PASSWORD, OWN)).isInstanceOf(SaslAuthenticationException.class));
        access.remove("kota-7");
    }

    /** How many records; a position is published as well. */
    private static int read(String password, String topic) {
        Map<String, Object> properties = new HashMap<>(OutletAccess.clientProperties("warung.outlet.kota-7", password));
        properties.put("security.protocol", "SASL_PLAINTEXT");
        properties.put("bootstrap.servers", "127.0.0.1:" + saslPort);
        properties.put("group.id", TOPICS.monitoringGroup("outlet", "kota-7"));
        properties.put("auto.offset.reset", "earliest");
        properties.put("enable.auto.commit", false);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(Set.of(partition));
            consumer.seekToBeginning(Set.of(partition));
            int records = consumer.poll(Duration.ofSeconds(5)).count();
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(records)));
            return records;
        }
    }
}
