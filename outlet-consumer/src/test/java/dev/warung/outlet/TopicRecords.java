package dev.warung.outlet;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a topic still has. */
final class TopicRecords {

    private TopicRecords() {}

    static long count(String kafka, String topic) {
        return count(kafka, topic, record -> true);
    }

    static long tombstones(String kafka, String topic) {
        return count(kafka, topic, record -> record.value() == null);
    }

    private static long count(String kafka, String topic, Predicate<ConsumerRecord<byte[], byte[]>> counted) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            long count = 0;
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    count += counted.test(record) ? 1 : 0;
                }
            }
            return count;
        }
    }
}
