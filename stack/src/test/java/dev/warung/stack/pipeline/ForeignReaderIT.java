package dev.warung.stack.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another program reads a table topic with plain kafka-clients and Jackson, as Debezium JSON, knowing nothing of Warung. */
class ForeignReaderIT {

    private static final String TOPIC = "warung.public.produk.1";

    @TempDir
    private Path directory;

    @Test
    @Timeout(600)
    void aTableTopicHoldsDebeziumsEnvelope() throws Exception {
        try (Pipeline pipeline = new Pipeline(directory, Map.of())) {
            run(
                    pipeline,
                    "CREATE TABLE produk (id int PRIMARY KEY, nama text, harga numeric(12,2), aktif boolean, berat float8)");
            run(pipeline, "INSERT INTO produk VALUES (1, 'Kopi', 12500.00, true, 0.25)");
            pipeline.startCapture();
            pipeline.startReplicator();
            pipeline.drain();
            run(pipeline, "INSERT INTO produk VALUES (2, 'Teh', 1.10, false, 'NaN')");
            run(pipeline, "UPDATE produk SET harga = 13000 WHERE id = 1");
            run(pipeline, "UPDATE produk SET id = 3 WHERE id = 2");
            run(pipeline, "DELETE FROM produk WHERE id = 1");
            pipeline.drain();

            List<ConsumerRecord<String, String>> records =
                    consume(pipeline.kafka().bootstrapServers());

            assertThat(records.stream().map(ForeignReaderIT::summary))
                    .containsExactly(
                            "{\"id\":1} r 12500.00",
                            "{\"id\":2} c 1.10",
                            "{\"id\":1} u 13000.00",
                            "{\"id\":2} d 1.10",
                            "{\"id\":2} tombstone",
                            "{\"id\":3} c 1.10",
                            "{\"id\":1} d 13000.00",
                            "{\"id\":1} tombstone");
            JsonNode update = new ObjectMapper().readTree(records.get(2).value());
            assertThat(update.at("/before/harga").textValue()).isEqualTo("12500.00");
            assertThat(update.at("/after/id").isInt()).isTrue();
            assertThat(update.at("/after/aktif").booleanValue()).isTrue();
            assertThat(update.at("/after/berat").doubleValue()).isEqualTo(0.25);
            assertThat(update.at("/source/schema").textValue()).isEqualTo("public");
            assertThat(update.at("/source/table").textValue()).isEqualTo("produk");
            assertThat(update.at("/source/lsn").longValue()).isPositive();
            assertThat(update.at("/ts_ms").longValue()).isPositive();
        }
    }

    private static String summary(ConsumerRecord<String, String> each) {
        if (each.value() == null) {
            return each.key() + " tombstone";
        }
        try {
            JsonNode value = new ObjectMapper().readTree(each.value());
            JsonNode row = value.get("after").isNull() ? value.get("before") : value.get("after");
            return each.key() + " " + value.get("op").textValue() + " "
                    + row.get("harga").textValue();
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<ConsumerRecord<String, String>> consume(String bootstrapServers) {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
            }
        }
        return records;
    }

    private static void run(Pipeline pipeline, String sql) throws Exception {
        try (Connection connection = pipeline.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
