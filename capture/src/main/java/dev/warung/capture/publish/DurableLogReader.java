package dev.warung.capture.publish;

import dev.warung.capture.history.CatalogHistory;
import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.ControlCodec;
import dev.warung.core.wire.PositionRecord;
import dev.warung.core.wire.SchemaCodec;
import dev.warung.core.wire.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads back what capture itself wrote: the durable position and the history of the tables.
 *
 * <p>Requires: the transactional producer was initialised before, so that nothing of a former capture is still open.
 */
final class DurableLogReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Markers, and records of aborted transactions, stand between commit records: the last one lies within so many offsets. */
    private static final int LAST_COMMIT_OFFSETS = 200;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Topics topics;
    private final InstantSource clock;

    DurableLogReader(KafkaSettings settings, Topics topics, InstantSource clock) {
        this.topics = topics;
        this.clock = clock;
        Map<String, Object> properties = settings.clientProperties();
        properties.put("isolation.level", "read_committed");
        properties.put("auto.offset.reset", "none");
        properties.put("enable.auto.commit", "false");
        properties.put("fetch.max.bytes", Integer.toString(16 << 20));
        properties.put("default.api.timeout.ms", "20000");
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** The durable position; empty if nothing was ever written. */
    Optional<DurablePosition> position() {
        @Nullable PositionRecord[] newest = new PositionRecord[1];
        read(topics.position(), 0, message -> newest[0] = ControlCodec.decodePosition(message.value()));
        PositionRecord start = newest[0];
        return start == null ? Optional.empty() : Optional.of(bringForward(start));
    }

    /** Applies every schema record to the history, in order. */
    void history(CatalogHistory history) {
        int[] epoch = {0};
        read(topics.schema(), 0, message -> {
            int here = ChangeId.fromBytes(message.headers().lastHeader("id").value())
                    .epoch();
            if (here > epoch[0]) {
                history.beginEpoch();
                epoch[0] = here;
            }
            history.apply(SchemaCodec.decode(message.value()));
        });
    }

    /** The offset right after the last record of the commits topic, transaction markers included. */
    long commitsEnd() {
        return end(new TopicPartition(topics.commits(), 0));
    }

    @Override
    public void close() {
        consumer.close();
    }

    private DurablePosition bringForward(PositionRecord start) {
        Fold fold = new Fold(start);
        read(
                topics.commits(),
                start.commitsFrom(),
                message -> fold.take(message.offset(), ControlCodec.decodeCommit(message.value())));
        return fold.position();
    }

    /** All topics that there are now. */
    Set<String> topics() {
        return consumer.listTopics().keySet();
    }

    /** What the topics lack of what the position says, as after the loss of a disk's last seconds; empty if they are whole. */
    Optional<String> damage(DurablePosition position) {
        if (commitsEnd() < position.commitsEnd()) {
            return Optional.of("Topic " + topics.commits() + " ends at offset " + commitsEnd()
                    + ", but was written up to " + position.commitsEnd() + ".");
        }
        Set<String> there = topics();
        Map<TopicPartition, Long> wanted = new HashMap<>();
        for (Map.Entry<String, Long> entry : position.ends().entrySet()) {
            if (!there.contains(entry.getKey())) {
                return Optional.of("Topic " + entry.getKey() + " is gone.");
            }
            wanted.put(new TopicPartition(entry.getKey(), 0), entry.getValue());
        }
        for (Map.Entry<TopicPartition, Long> end :
                consumer.endOffsets(wanted.keySet()).entrySet()) {
            long written = wanted.getOrDefault(end.getKey(), 0L);
            if (end.getValue() < written) {
                return Optional.of("Topic " + end.getKey().topic() + " ends at offset " + end.getValue()
                        + ", but was written up to " + written + ".");
            }
        }
        return torn(position);
    }

    /**
     * Whether Kafka shows all records of its last transaction. A broker that is killed while it writes the markers of a transaction's end may
     * forget, when it starts again, to write the others: what they would have committed is then aborted with the next transaction
     * (decision 21; seen with Kafka 4.3.0). Only the last transaction can be so, because the next one waits for its markers.
     */
    private Optional<String> torn(DurablePosition position) {
        @Nullable CommitRecord[] last = new CommitRecord[1];
        read(
                topics.commits(),
                position.commitsEnd() - LAST_COMMIT_OFFSETS,
                message -> last[0] = ControlCodec.decodeCommit(message.value()));
        CommitRecord commit = last[0];
        if (commit == null) {
            return Optional.empty();
        }
        for (Map.Entry<String, CommitRecord.Extent> covered : commit.topics().entrySet()) {
            CommitRecord.Extent extent = covered.getValue();
            long[] seen = {0};
            read(covered.getKey(), extent.endOffset() - extent.count(), message -> {
                seen[0] += message.offset() < extent.endOffset() ? 1 : 0;
            });
            if (seen[0] < extent.count()) {
                return Optional.of("Topic " + covered.getKey() + " shows " + seen[0] + " of the " + extent.count()
                        + " records below offset " + extent.endOffset()
                        + " that the last commit record covers: a broker died while it committed them.");
            }
        }
        return Optional.empty();
    }

    private void read(String topic, long from, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        long first = only(consumer.beginningOffsets(List.of(partition)));
        long end = end(partition);
        consumer.seek(partition, Math.max(from, first));
        long deadline = clock.millis() + LIMIT.toMillis();
        while (consumer.position(partition) < end) {
            var messages = consumer.poll(POLL);
            messages.forEach(reader);
            if (!messages.isEmpty()) {
                deadline = clock.millis() + LIMIT.toMillis();
            } else if (clock.millis() > deadline) {
                throw new PipelineException(
                        ErrorCode.KAFKA_UNREACHABLE, "Topic " + topic + " cannot be read up to offset " + end + ".");
            }
        }
    }

    private long end(TopicPartition partition) {
        return only(consumer.endOffsets(List.of(partition)));
    }

    private static long only(Map<TopicPartition, Long> offsets) {
        return offsets.values().iterator().next();
    }

    /** Brings a position record forward, commit record by commit record. */
    private static final class Fold {

        private final PositionRecord start;
        private final Map<String, Long> ends;
        private ChangeId last;
        private Lsn commit;
        private Optional<CommitRecord.TransactionEnd> lastEnd = Optional.empty();
        private Map<String, Object> offset;
        private long commitsEnd;

        Fold(PositionRecord start) {
            this.start = start;
            this.ends = new HashMap<>(start.ends());
            this.last = start.last();
            this.commit = start.commit();
            this.offset = start.offset();
            this.commitsEnd = start.commitsFrom();
        }

        void take(long at, CommitRecord commitRecord) {
            commitsEnd = at + 1;
            for (CommitRecord.TransactionEnd end : commitRecord.ends()) {
                lastEnd = Optional.of(end);
            }
            if (!commitRecord.last().isAfter(last)) {
                return;
            }
            if (!commitRecord.previous().equals(last)) {
                throw new PipelineException(
                        ErrorCode.LOG_INCONSISTENT,
                        "The commit record at offset " + at + " follows " + commitRecord.previous() + ", not " + last
                                + ".");
            }
            last = commitRecord.last();
            commitRecord.topics().forEach((topic, extent) -> ends.put(topic, extent.endOffset()));
            if (!commitRecord.offset().isEmpty()) {
                offset = commitRecord.offset();
            }
            for (CommitRecord.TransactionEnd end : commitRecord.ends()) {
                commit = end.commit();
            }
        }

        DurablePosition position() {
            return new DurablePosition(
                    start.epoch(),
                    start.state(),
                    last,
                    commit,
                    lastEnd.filter(end -> end.commit().equals(commit)),
                    offset,
                    commitsEnd,
                    start.epochStart(),
                    ends,
                    start.server());
        }
    }
}
