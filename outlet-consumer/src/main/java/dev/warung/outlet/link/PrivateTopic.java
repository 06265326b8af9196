package dev.warung.outlet.link;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.OutletCodec;
import dev.warung.core.wire.OutletRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Where the server tells the outlet what it reads. Used by one thread at a time. */
final class PrivateTopic {

    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final byte[] KEY = OutletCodec.KEY.getBytes(StandardCharsets.UTF_8);

    private final OutletConnection connection;
    private final TopicPartition partition;
    private Optional<OutletRecord> ahead = Optional.empty();

    PrivateTopic(OutletConnection connection, String name) {
        this.connection = connection;
        this.partition = new TopicPartition(name, 0);
    }

    String name() {
        return partition.topic();
    }

    TopicPartition partition() {
        return partition;
    }

    /** Reads it for the first {@link #read}. */
    void readAhead() {
        ahead = readNow();
    }

    /** What it says now; empty if there is no such topic, or nothing in it. The consumer then stands at its end. */
    Optional<OutletRecord> read() {
        Optional<OutletRecord> known = ahead;
        ahead = Optional.empty();
        return known.isPresent() ? known : readNow();
    }

    /** What a record says about the outlet; empty if it is one of another topic, or says something else. */
    Optional<OutletRecord> said(ConsumerRecord<byte[], byte[]> record) {
        return record.topic().equals(partition.topic()) ? decode(record) : Optional.empty();
    }

    private Optional<OutletRecord> readNow() {
        if (connection.topicIds(List.of(partition.topic())).isEmpty()) {
            return Optional.empty();
        }
        Consumer<byte[], byte[]> consumer = connection.consumer();
        consumer.assign(Set.of(partition));
        consumer.seekToBeginning(Set.of(partition));
        long end = connection.readableEnds(Set.of(partition), PATIENCE).getOrDefault(partition, 0L);
        Optional<OutletRecord> newest = Optional.empty();
        while (consumer.position(partition, PATIENCE) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE).records(partition)) {
                Optional<OutletRecord> before = newest;
                newest = decode(record).or(() -> before);
            }
        }
        return newest;
    }

    private static Optional<OutletRecord> decode(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null || !Arrays.equals(record.key(), KEY)) {
            return Optional.empty();
        }
        try {
            return Optional.of(OutletCodec.decode(value));
        } catch (IllegalArgumentException e) {
            throw new PipelineException(
                    ErrorCode.LOG_INCONSISTENT,
                    record.topic() + "@" + record.offset() + ": " + e.getMessage() + ".",
                    e);
        }
    }
}
