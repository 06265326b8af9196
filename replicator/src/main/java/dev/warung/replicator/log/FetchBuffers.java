package dev.warung.replicator.log;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.CommitRecord.TransactionEnd;
import dev.warung.core.wire.ControlCodec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What has been fetched and not yet yielded. When it grows beyond its bound, all partitions are paused but those without which
 * the commit record being read cannot go on, so it is bounded and cannot lock up. Used only by the reader's thread.
 */
final class FetchBuffers {

    private static final int COMMITS_MAX = 2_000;

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition commitsPartition;
    private final long bytesMax;
    private final Map<String, PartitionBuffer> buffers = new HashMap<>();
    private final Deque<Queued> commits = new ArrayDeque<>();
    private boolean isThrottled;
    private long fetchedRecords;
    private long fetchedBytes;

    FetchBuffers(Consumer<byte[], byte[]> consumer, String commitsTopic, long bytesMax) {
        this.consumer = consumer;
        this.commitsPartition = new TopicPartition(commitsTopic, 0);
        this.bytesMax = bytesMax;
    }

    /** A commit record that has been fetched, and its offset. */
    record Queued(CommitRecord commit, long offset) {}

    void assignCommits(long offset) {
        consumer.assign(Set.of(commitsPartition));
        consumer.seek(commitsPartition, offset);
    }

    /** Starts to fetch topics at the given offsets, or as near to them as the log has something. */
    void assign(Map<String, Long> offsets) {
        Set<TopicPartition> wanted = new HashSet<>();
        offsets.keySet().forEach(topic -> wanted.add(new TopicPartition(topic, 0)));
        wanted.forEach(partition -> buffers.put(partition.topic(), new PartitionBuffer(partition, 0)));
        reassign();
        Map<TopicPartition, Long> last = consumer.endOffsets(wanted);
        Map<TopicPartition, Long> first = consumer.beginningOffsets(wanted);
        offsets.forEach((topic, offset) -> {
            PartitionBuffer buffer = buffer(topic, 0);
            long end = last.getOrDefault(buffer.partition(), 0L);
            restart(buffer, Math.max(first.getOrDefault(buffer.partition(), 0L), Math.min(offset, end)));
        });
    }

    /** The buffer of a topic, which starts to be fetched at {@code offset} if it was not known. */
    PartitionBuffer buffer(String topic, long offset) {
        PartitionBuffer buffer = buffers.get(topic);
        if (buffer == null) {
            buffer = new PartitionBuffer(new TopicPartition(topic, 0), offset);
            buffers.put(topic, buffer);
            reassign();
            consumer.seek(buffer.partition(), offset);
        }
        return buffer;
    }

    void restart(PartitionBuffer buffer, long offset) {
        buffer.restartAt(offset);
        consumer.seek(buffer.partition(), offset);
    }

    void forget(String topic) {
        if (buffers.remove(topic) != null) {
            reassign();
        }
    }

    boolean hasCommit() {
        return !commits.isEmpty();
    }

    @Nullable
    Queued takeCommit() {
        return commits.poll();
    }

    /** Whether Kafka has said that there are commit records after those that were fetched: they come when there is room. */
    boolean knowsOfMoreCommits() {
        return consumer.currentLag(commitsPartition).orElse(0) > 0;
    }

    long commitsReadTo() {
        Queued next = commits.peek();
        return next == null ? consumer.position(commitsPartition) : next.offset();
    }

    Optional<Lsn> firstQueuedEnd(ChangeId after) {
        for (Queued queued : commits) {
            for (TransactionEnd end : queued.commit().ends()) {
                if (end.id().isAfter(after)) {
                    return Optional.of(end.commit());
                }
            }
        }
        return Optional.empty();
    }

    long position(PartitionBuffer buffer) {
        return consumer.position(buffer.partition());
    }

    long endOffset(PartitionBuffer buffer) {
        return consumer.endOffsets(Set.of(buffer.partition())).getOrDefault(buffer.partition(), 0L);
    }

    long bytes() {
        long bytes = 0;
        for (PartitionBuffer buffer : buffers.values()) {
            bytes += buffer.bytes();
        }
        return bytes;
    }

    long lagRecords() {
        long lag = 0;
        for (PartitionBuffer buffer : buffers.values()) {
            lag += buffer.size() + consumer.currentLag(buffer.partition()).orElse(0);
        }
        return lag;
    }

    long meanRecordBytes() {
        return fetchedRecords == 0 ? 0 : fetchedBytes / fetchedRecords;
    }

    boolean poll(Duration wait) {
        return poll(wait, List.of());
    }

    /** Fetches what is there; {@code needed} are the topics that the commit record being read needs. True if anything came. */
    boolean poll(Duration wait, List<PartitionBuffer> needed) {
        throttle(needed);
        ConsumerRecords<byte[], byte[]> records = consumer.poll(wait);
        for (TopicPartition partition : records.partitions()) {
            PartitionBuffer buffer = buffers.get(partition.topic());
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                if (buffer != null) {
                    buffer.add(LogRecord.of(record));
                    fetchedRecords++;
                    fetchedBytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
                } else if (partition.equals(commitsPartition)) {
                    commits.add(decode(record));
                }
            }
        }
        return !records.isEmpty();
    }

    private static Queued decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return new Queued(ControlCodec.decodeCommit(record.value()), record.offset());
        } catch (RuntimeException e) {
            throw new PipelineException(
                    ErrorCode.LOG_INCONSISTENT,
                    record.topic() + "@" + record.offset() + " is not a commit record: " + e.getMessage() + ".",
                    e);
        }
    }

    private void throttle(List<PartitionBuffer> needed) {
        long bytes = bytes();
        boolean tooMuch = bytes > bytesMax || commits.size() > COMMITS_MAX;
        if (!tooMuch && !(isThrottled && (bytes > bytesMax / 2 || commits.size() > COMMITS_MAX / 2))) {
            if (isThrottled) {
                consumer.resume(consumer.paused());
                isThrottled = false;
            }
            return;
        }
        isThrottled = true;
        Set<TopicPartition> wanted = new HashSet<>();
        for (PartitionBuffer buffer : needed) {
            if (buffer.needCount() > 0 && !buffer.hasNeeded()) {
                wanted.add(buffer.partition());
            }
        }
        if (commits.isEmpty() || (needed.isEmpty() && commits.size() <= COMMITS_MAX)) {
            wanted.add(commitsPartition);
        }
        Set<TopicPartition> others = new HashSet<>(consumer.assignment());
        others.removeAll(wanted);
        consumer.pause(others);
        consumer.resume(wanted);
    }

    private void reassign() {
        Set<TopicPartition> all = new HashSet<>();
        all.add(commitsPartition);
        buffers.values().forEach(b -> all.add(b.partition()));
        consumer.assign(all);
    }
}
