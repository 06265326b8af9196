package dev.warung.capture.publish;

import dev.warung.core.change.ChangeId;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.FaultPoints;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.ControlCodec;
import dev.warung.core.wire.Headers;
import dev.warung.core.wire.PositionRecord;
import dev.warung.core.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The one transactional producer.
 *
 * <p>Guarantees: whatever is appended becomes visible together with its commit record, or not at all. Any failure is final: the log
 * is then closed and opened anew, because after a timeout nobody knows whether the transaction was committed, except by reading it.
 *
 * <p>Thread: one at a time; the publisher holds its lock.
 */
final class KafkaLog implements AutoCloseable {

    private static final int MEGABYTE = 1 << 20;
    /** What Kafka itself appends to a topic when a transaction ends. */
    private static final int MARKER_RECORDS = 1;

    private final Producer<byte[], byte[]> producer;
    private final Topics topics;
    private final Map<String, Extent> extents = new HashMap<>();
    /** Where the next record of a topic goes, for topics that this producer has written to. */
    private final Map<String, Long> next = new HashMap<>();

    /** Where the next commit record goes; −1 before the first. */
    private long nextCommit = -1;

    private boolean open;
    private long records;
    private long bytes;

    /** How much of one topic the open transaction covers. */
    private static final class Extent {
        private long count;
        private @Nullable Future<RecordMetadata> last;
    }

    /** What ends a Kafka transaction. */
    record Commit(CommitRecord.Kind kind, ChangeId previous, ChangeId first, ChangeId last, Covered covered) {}

    /** The PostgreSQL transactions that end in a commit, and the offset to resume from. */
    record Covered(List<CommitRecord.TransactionEnd> ends, Map<String, Object> offset) {}

    /** Where things stand after a Kafka transaction: offset of its commit record, end offset of each topic touched. */
    record Committed(long commitOffset, Map<String, Long> ends) {}

    private KafkaLog(Producer<byte[], byte[]> producer, Topics topics) {
        this.producer = producer;
        this.topics = topics;
    }

    /** Opens the log and fences every other capture of this prefix: what it had not committed is undone. */
    static KafkaLog open(KafkaSettings settings, Topics topics) {
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties(settings, topics), new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw failure("The producer cannot be initialised", e);
        }
        return new KafkaLog(producer, topics);
    }

    private static Map<String, Object> properties(KafkaSettings settings, Topics topics) {
        Map<String, Object> properties = settings.clientProperties();
        properties.put("transactional.id", topics.transactionalId());
        properties.put("transaction.timeout.ms", "30000");
        properties.put("acks", "all");
        properties.put("enable.idempotence", "true");
        properties.put("compression.type", "lz4");
        properties.put("linger.ms", "5");
        properties.put("batch.size", Integer.toString(128 << 10));
        properties.put("max.request.size", Integer.toString(TopicMaker.RECORD_BYTES_MAX + MEGABYTE));
        properties.put("buffer.memory", Integer.toString(2 * TopicMaker.RECORD_BYTES_MAX));
        properties.put("max.block.ms", "20000");
        properties.put("request.timeout.ms", "10000");
        properties.put("delivery.timeout.ms", "20000");
        return properties;
    }

    /** Appends a record of a table topic or of the schema topic. */
    void append(String topic, byte @Nullable [] key, byte @Nullable [] value, ChangeId id, int version) {
        List<Header> headers = List.of(
                new RecordHeader(Headers.ID, id.toBytes()),
                new RecordHeader(Headers.VERSION, Headers.versionBytes(version)));
        Extent extent = extents.computeIfAbsent(topic, name -> new Extent());
        extent.last = send(new ProducerRecord<>(topic, 0, key, value, headers));
        extent.count++;
        records++;
        bytes += (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
    }

    /** For metrics only. */
    Producer<?, ?> producer() {
        return producer;
    }

    /** Records in the open transaction. */
    long records() {
        return records;
    }

    /** Bytes of keys and values in the open transaction. */
    long bytes() {
        return bytes;
    }

    /**
     * Ends the open transaction, or an empty one.
     *
     * @param position makes the position record to write, from the end offsets known then; empty to write none
     */
    Committed commit(
            Commit commit,
            Optional<Function<Map<String, Long>, PositionRecord>> position,
            Map<String, Long> endsSoFar) {
        try {
            Map<String, Long> expected = expectedEnds();
            Map<String, Long> touched = expected.size() == extents.size() ? expected : actualEnds();
            Map<String, CommitRecord.Extent> covered = new HashMap<>();
            extents.forEach((topic, extent) ->
                    covered.put(topic, new CommitRecord.Extent(touched.getOrDefault(topic, 0L), extent.count)));
            Map<String, Long> ends = new HashMap<>(endsSoFar);
            ends.putAll(touched);
            FaultPoints.hit("capture.before-commit-record");
            CommitRecord commitRecord = new CommitRecord(
                    commit.kind(),
                    commit.previous(),
                    commit.first(),
                    commit.last(),
                    commit.covered().ends(),
                    covered,
                    commit.covered().offset());
            Future<RecordMetadata> written =
                    send(new ProducerRecord<>(topics.commits(), 0, null, ControlCodec.encode(commitRecord)));
            if (position.isPresent()) {
                writePosition(position.get().apply(ends));
            }
            // Not left to commitTransaction(): kafka-clients may end the transaction without a batch that is on its way
            // (decision 0013).
            producer.flush();
            long commitOffset = offset(written);
            requireSame(expected, actualEnds());
            requireNext(commitOffset);
            producer.commitTransaction();
            FaultPoints.hit("capture.after-commit");
            nextCommit = commitOffset + 1 + MARKER_RECORDS;
            touched.forEach((topic, end) -> next.put(topic, end + MARKER_RECORDS));
            reset();
            return new Committed(commitOffset, ends);
        } catch (KafkaException e) {
            throw failure("A Kafka transaction cannot be committed", e);
        }
    }

    /**
     * The end offset of each topic touched that this producer has written to before, before Kafka has told it: nobody else writes, so
     * records follow the marker of the transaction before. It saves a round trip.
     */
    private Map<String, Long> expectedEnds() {
        Map<String, Long> ends = new HashMap<>();
        extents.forEach((topic, extent) -> {
            Long start = next.get(topic);
            if (start != null) {
                ends.put(topic, start + extent.count);
            }
        });
        return ends;
    }

    /** Waits until everything is in Kafka, and returns the end offset of each topic touched. */
    private Map<String, Long> actualEnds() {
        producer.flush();
        Map<String, Long> ends = new HashMap<>();
        extents.forEach((topic, extent) -> ends.put(topic, offset(extent.last) + 1));
        return ends;
    }

    private static void requireSame(Map<String, Long> expected, Map<String, Long> actual) {
        expected.forEach((topic, end) -> {
            if (!end.equals(actual.get(topic))) {
                throw moved(topic, end, actual.getOrDefault(topic, -1L));
            }
        });
    }

    private void requireNext(long commitOffset) {
        if (nextCommit >= 0 && commitOffset != nextCommit) {
            throw moved(topics.commits(), nextCommit, commitOffset);
        }
    }

    private static PipelineException moved(String topic, long expected, long actual) {
        return new PipelineException(
                ErrorCode.UNEXPECTED,
                "Records of " + topic + " were to be at offset " + expected + ", but are at " + actual
                        + ": the topic was made again or cut, its leader changed, or something else writes to it.");
    }

    @Override
    public void close() {
        // No abort and no wait: a transaction that is still open is undone by the next capture, or by its timeout.
        producer.close(Duration.ZERO);
    }

    private void writePosition(PositionRecord position) {
        // Its failure makes commitTransaction fail.
        var unused = send(new ProducerRecord<>(
                topics.position(),
                0,
                ControlCodec.POSITION_KEY.getBytes(StandardCharsets.UTF_8),
                ControlCodec.encode(position)));
    }

    private Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> message) {
        try {
            if (!open) {
                producer.beginTransaction();
                open = true;
            }
            return producer.send(message);
        } catch (KafkaException | IllegalStateException e) {
            throw failure("A record of " + message.topic() + " cannot be written", e);
        }
    }

    private void reset() {
        extents.clear();
        open = false;
        records = 0;
        bytes = 0;
    }

    private static long offset(@Nullable Future<RecordMetadata> sent) {
        try {
            return sent == null ? -1 : sent.get().offset();
        } catch (ExecutionException e) {
            throw failure("A record cannot be written", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PipelineException(ErrorCode.KAFKA_UNREACHABLE, "Interrupted while writing.", e);
        }
    }

    private static PipelineException failure(String what, @Nullable Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof ProducerFencedException || t instanceof InvalidProducerEpochException) {
                return new PipelineException(ErrorCode.FENCED, what + ": another capture took over.", cause);
            }
        }
        return new PipelineException(ErrorCode.KAFKA_UNREACHABLE, what + ": " + cause, cause);
    }
}
