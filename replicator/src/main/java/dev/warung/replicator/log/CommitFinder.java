package dev.warung.replicator.log;

import dev.warung.core.change.ChangeId;
import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.ControlCodec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds a replica's place in the commits topic: by its offset where the log still has the same record there, else by change id (a broker
 * that lost its tail in a power cut is refilled by capture, with the same change ids at other offsets).
 */
final class CommitFinder {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;

    CommitFinder(Consumer<byte[], byte[]> consumer, String commitsTopic) {
        this.consumer = consumer;
        this.partition = new TopicPartition(commitsTopic, 0);
    }

    /**
     * Where to read on.
     *
     * @param isExact whether the record there must follow the chain exactly; else it may overlap what was applied
     */
    record Place(long offset, boolean isExact) {}

    private record Found(CommitRecord commit, long offset) {}

    /** @throws ResyncNeededException if the position is older than the log */
    Place find(LogPosition from) {
        consumer.assign(Set.of(partition));
        Map<TopicPartition, Long> firsts = consumer.beginningOffsets(Set.of(partition), PATIENCE);
        Map<TopicPartition, Long> ends = consumer.endOffsets(Set.of(partition), PATIENCE);
        long first = firsts.getOrDefault(partition, 0L);
        long end = ends.getOrDefault(partition, 0L);
        if (from.commitsOffset() < first) {
            throw new ResyncNeededException("the position, offset " + from.commitsOffset() + " of " + partition.topic()
                    + ", has expired: the log starts at " + first);
        }
        if (from.chain().equals(ChangeId.NONE)) {
            return new Place(from.commitsOffset(), false);
        }
        if (from.commitsOffset() <= end) {
            Optional<Found> next = read(from.commitsOffset(), end);
            if (next.isEmpty()
                    ? isLastOurs(from, first, end)
                    : next.get().commit().previous().equals(from.chain())) {
                return new Place(from.commitsOffset(), true);
            }
        }
        return new Place(search(from, first, end), false);
    }

    /** Nothing follows our position: it is ours only if the last record is the one that we read last. */
    private boolean isLastOurs(LogPosition from, long first, long end) {
        for (long back = 1; back <= 16 && from.commitsOffset() - back >= first; back++) {
            Optional<Found> found = read(from.commitsOffset() - back, end);
            if (found.isPresent()) {
                return found.get().commit().last().equals(from.chain());
            }
        }
        return false;
    }

    /** The offset of the first commit record that ends after our position; the end of the topic if there is none. */
    private long search(LogPosition from, long first, long end) {
        long low = first;
        long high = end;
        while (low < high) {
            long middle = low + (high - low) / 2;
            Optional<Found> found = read(middle, end);
            if (found.isEmpty() || found.get().commit().last().isAfter(from.applied())) {
                high = middle;
            } else {
                low = found.get().offset() + 1;
            }
        }
        Optional<Found> place = read(low, end);
        if (place.isPresent() && low == first && place.get().commit().previous().isAfter(from.applied())) {
            throw new ResyncNeededException(
                    "the position " + from.applied() + " is older than the log, which starts after "
                            + place.get().commit().previous());
        }
        return low;
    }

    /** The first commit record at or after an offset; empty if the topic ends before one. */
    private Optional<Found> read(long offset, long end) {
        consumer.seek(partition, offset);
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE).records(partition)) {
                return Optional.of(new Found(ControlCodec.decodeCommit(record.value()), record.offset()));
            }
        }
        return Optional.empty();
    }
}
