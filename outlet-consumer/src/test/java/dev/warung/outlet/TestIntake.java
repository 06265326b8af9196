package dev.warung.outlet;

import dev.warung.core.upload.Upload;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.UploadParts;
import dev.warung.core.wire.Topics;
import dev.warung.core.wire.UploadCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads an outlet's upload topic. Thread: one. */
final class TestIntake implements AutoCloseable {

    private final Consumer<byte[], byte[]> consumer;
    private final UploadParts parts = new UploadParts();
    private final Set<UUID> known = new HashSet<>();
    private int duplicates;

    TestIntake(String kafka, Topics topics) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka, "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        TopicPartition partition = new TopicPartition(topics.upload(ShapeWriter.CODE), 0);
        consumer.assign(Set.of(partition));
        consumer.seekToBeginning(Set.of(partition));
    }

    /** Ops that were not seen before, until there are so many. */
    List<UploadOp> take(int count) {
        List<UploadOp> ops = new ArrayList<>();
        long until = System.nanoTime() + RunningOutlet.LIMIT.toNanos();
        while (ops.size() < count) {
            if (System.nanoTime() > until) {
                throw new AssertionError("only " + ops.size() + " ops have come, not " + count);
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                parts.add(UploadCodec.decode(record.value())).ifPresent(upload -> add(ops, upload));
            }
        }
        return ops;
    }

    int duplicates() {
        return duplicates;
    }

    private void add(List<UploadOp> ops, Upload upload) {
        upload.groups()
                .forEach(group -> group.ops().forEach(op -> {
                    if (known.add(op.id())) {
                        ops.add(op);
                    } else {
                        duplicates++;
                    }
                }));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
