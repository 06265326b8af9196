package dev.warung.replicator.log;

import dev.warung.core.wire.ControlCodec;
import dev.warung.core.wire.PositionRecord;
import dev.warung.core.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What the log says about itself. */
public final class LogPositions {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private LogPositions() {}

    /** The newest position; empty if capture has not written one yet. */
    public static Optional<PositionRecord> newest(LogConnection log, Topics topics) {
        if (log.topicIds().of(List.of(topics.position(), topics.commits())).size() < 2) {
            return Optional.empty();
        }
        Consumer<byte[], byte[]> consumer = log.consumer();
        TopicPartition partition = new TopicPartition(topics.position(), 0);
        consumer.assign(Set.of(partition));
        Map<TopicPartition, Long> ends = consumer.endOffsets(Set.of(partition), PATIENCE);
        consumer.seekToBeginning(Set.of(partition));
        byte @Nullable [] newest = null;
        while (consumer.position(partition, PATIENCE) < ends.getOrDefault(partition, 0L)) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE).records(partition)) {
                newest = record.value();
            }
        }
        return Optional.ofNullable(newest).map(ControlCodec::decodePosition);
    }

    /** Whether every commit from an offset on was written after a moment, and is still there. */
    public static boolean isAllAfter(LogConnection log, Topics topics, long commitsOffset, Instant moment) {
        TopicPartition partition = new TopicPartition(topics.commits(), 0);
        log.consumer().assign(Set.of(partition));
        Map<TopicPartition, @Nullable OffsetAndTimestamp> found =
                log.consumer().offsetsForTimes(Map.of(partition, moment.toEpochMilli()), PATIENCE);
        OffsetAndTimestamp first = found.get(partition);
        return first != null && first.offset() <= commitsOffset;
    }
}
