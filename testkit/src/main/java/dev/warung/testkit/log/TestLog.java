package dev.warung.testkit.log;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.CommitRecord.Extent;
import dev.warung.core.wire.CommitRecord.Kind;
import dev.warung.core.wire.CommitRecord.TransactionEnd;
import dev.warung.core.wire.ControlCodec;
import dev.warung.core.wire.Headers;
import dev.warung.core.wire.PositionRecord;
import dev.warung.core.wire.RowCodec;
import dev.warung.core.wire.RowOp;
import dev.warung.core.wire.SchemaCodec;
import dev.warung.core.wire.SchemaRecord;
import dev.warung.core.wire.Source;
import dev.warung.core.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes table, schema, commit and position records in Kafka transactions, as capture does.
 *
 * <p>Thread: one.
 */
public final class TestLog implements AutoCloseable {

    private static final long LSN_STEP = 0x100;
    private static final int SUB_ORDINALS = 4;

    private final Topics topics;
    private final Map<String, String> topicConfigs;
    private final Admin admin;
    private final Producer<byte[], byte[]> producer;
    private final InstantSource clock;
    private final Set<String> created = new HashSet<>();
    private final Map<Integer, RowCodec> codecs = new HashMap<>();

    private int epoch = 1;
    private PositionRecord.State state = PositionRecord.State.COPYING;
    private Lsn previousCommit = Lsn.ZERO;
    private long nextLsn = 0x1000000;
    private long event;
    private ChangeId last = ChangeId.NONE;
    private ChangeId chain = ChangeId.NONE;
    private long recordsInTransaction;
    private long commitsOffset;
    private long epochStart = -1;

    private boolean isKafkaOpen;
    private long eventBefore;
    private long recordsBefore;
    private Lsn commitBefore = Lsn.ZERO;
    private @Nullable ChangeId first;
    private final List<TransactionEnd> ends = new ArrayList<>();
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final Map<String, Future<RecordMetadata>> newest = new HashMap<>();
    private final Map<String, Long> allEnds = new HashMap<>();

    /** @param topicConfigs of the table topics, e.g. {@code segment.bytes} */
    public TestLog(String bootstrapServers, String prefix, Map<String, String> topicConfigs, InstantSource clock) {
        this.topics = new Topics(prefix);
        this.topicConfigs = Map.copyOf(topicConfigs);
        this.clock = clock;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "transactional.id",
                        topics.transactionalId(),
                        "linger.ms",
                        5,
                        "compression.type",
                        "lz4",
                        "max.request.size",
                        64 << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        create(topics.commits(), Map.of());
        create(topics.position(), Map.of("cleanup.policy", "compact"));
        create(topics.schema(), Map.of("retention.ms", "-1"));
        producer.initTransactions();
    }

    /** Where a log stands between two Kafka transactions, to write on from there again. */
    public record Mark(
            int epoch,
            PositionRecord.State state,
            Lsn previousCommit,
            long nextLsn,
            ChangeId last,
            long epochStart,
            Map<String, Long> ends) {}

    public Mark mark() {
        return new Mark(epoch, state, previousCommit, nextLsn, last, epochStart, Map.copyOf(allEnds));
    }

    /** Continues as a capture does that finds this as the durable position; its topics exist. */
    public void resume(Mark mark) {
        epoch = mark.epoch();
        state = mark.state();
        previousCommit = mark.previousCommit();
        nextLsn = mark.nextLsn();
        last = mark.last();
        chain = mark.last();
        epochStart = mark.epochStart();
        allEnds.putAll(mark.ends());
    }

    /** Writes bytes into a topic in a Kafka transaction that is covered by a commit record, whatever they are. */
    public void raw(TableSchema table, byte[] key, byte[] value) {
        event++;
        send(table, 2, key, value);
    }

    public Topics topics() {
        return topics;
    }

    public ChangeId last() {
        return last;
    }

    public int epoch() {
        return epoch;
    }

    /** Starts another epoch, as after a lost slot: what was not ended is gone. */
    public void startEpoch() {
        if (isKafkaOpen) {
            commitKafka();
        }
        epoch++;
        state = PositionRecord.State.COPYING;
        previousCommit = Lsn.ZERO;
        event = 0;
        epochStart = -1;
    }

    public void schema(SchemaRecord schemaRecord) {
        if (schemaRecord instanceof SchemaRecord.Table table) {
            create(table.schema().topic(), topicConfigs);
        }
        event++;
        send(
                topics.schema(),
                new ChangeId(epoch, previousCommit, event * SUB_ORDINALS),
                0,
                "schema".getBytes(StandardCharsets.UTF_8),
                SchemaCodec.encode(schemaRecord));
        if (schemaRecord instanceof SchemaRecord.EpochComplete) {
            state = PositionRecord.State.STREAMING;
        }
    }

    /** One row event of the source; a changed key becomes a delete, a tombstone and a create. */
    public void row(
            TableSchema table, RowOp op, @Nullable String @Nullable [] before, @Nullable String @Nullable [] after) {
        event++;
        RowCodec codec = codecs.computeIfAbsent(table.version(), v -> RowCodec.of(table));
        if (op == RowOp.TRUNCATE) {
            send(table, 2, RowCodec.TRUNCATE_KEY.getBytes(StandardCharsets.UTF_8), value(codec, op, null, null));
            return;
        }
        byte[] oldKey = before == null ? null : codec.encodeKey(before);
        byte[] newKey = after == null ? null : codec.encodeKey(after);
        boolean isKeyChange = oldKey != null && newKey != null && !Arrays.equals(oldKey, newKey);
        if (oldKey != null && (newKey == null || isKeyChange)) {
            send(table, 0, oldKey, value(codec, RowOp.DELETE, before, null));
            send(table, 1, oldKey, null);
        }
        if (newKey != null) {
            RowOp written = isKeyChange ? RowOp.CREATE : op;
            send(table, 2, newKey, value(codec, written, isKeyChange ? null : before, after));
        }
    }

    /** Ends the PostgreSQL transaction; the Kafka transaction stays open. @return its last change */
    public ChangeId endTransaction() {
        begin();
        Lsn commit = new Lsn(nextLsn);
        nextLsn += LSN_STEP;
        ends.add(new TransactionEnd(last, commit, clock.millis() * 1000, event, recordsInTransaction));
        recordsInTransaction = 0;
        previousCommit = commit;
        event = 0;
        return last;
    }

    /** The commit LSN that the next {@link #endTransaction} will have. */
    public Lsn nextCommit() {
        return new Lsn(nextLsn);
    }

    /** Writes the commit record and ends the Kafka transaction. */
    public void commitKafka() {
        if (!isKafkaOpen) {
            return;
        }
        Map<String, Extent> extents = new LinkedHashMap<>();
        counts.forEach((topic, count) -> {
            long end = offset(newest.get(topic)) + 1;
            extents.put(topic, new Extent(end, count));
            allEnds.put(topic, end);
        });
        boolean isAtEnd = !ends.isEmpty() && ends.get(ends.size() - 1).id().equals(last);
        Kind kind = isAtEnd ? Kind.END : state == PositionRecord.State.COPYING ? Kind.COPY : Kind.PART;
        CommitRecord commit = new CommitRecord(
                kind, chain, Optional.ofNullable(first).orElse(last), last, ends, extents, Map.of("lsn", 1L));
        long offset =
                offset(producer.send(new ProducerRecord<>(topics.commits(), 0, null, ControlCodec.encode(commit))));
        commitsOffset = offset;
        if (epochStart < 0) {
            epochStart = offset;
        }
        newest.put(
                topics.position(),
                producer.send(new ProducerRecord<>(
                        topics.position(),
                        0,
                        ControlCodec.POSITION_KEY.getBytes(StandardCharsets.UTF_8),
                        ControlCodec.encode(position()))));
        producer.commitTransaction();
        chain = last;
        eventBefore = event;
        reset();
    }

    /** Gives up the open Kafka transaction, as a capture that dies does: what is written next takes the same change ids. */
    public void abortKafka() {
        if (isKafkaOpen) {
            producer.abortTransaction();
            last = chain;
            event = eventBefore;
            previousCommit = commitBefore;
            recordsInTransaction = recordsBefore;
            reset();
        }
    }

    public void delete(String topic) {
        get(admin.deleteTopics(List.of(topic)).all().toCompletionStage().toCompletableFuture());
        created.remove(topic);
    }

    /** Creates a topic unless this log has done so. */
    public void create(String topic, Map<String, String> configs) {
        if (created.add(topic)) {
            try {
                get(admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(configs)))
                        .all()
                        .toCompletionStage()
                        .toCompletableFuture());
            } catch (IllegalStateException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
        admin.close();
    }

    private PositionRecord position() {
        return new PositionRecord(
                epoch,
                state,
                last,
                previousCommit,
                Map.of("lsn", 1L),
                commitsOffset,
                epochStart,
                allEnds,
                new PositionRecord.Server("7", 1, "warung", 0, ""));
    }

    private static byte[] value(
            RowCodec codec, RowOp op, @Nullable String @Nullable [] before, @Nullable String @Nullable [] after) {
        return codec.encodeValue(op, before, after, new Source("test", 0, 0, 0), 0);
    }

    private void send(TableSchema table, int sub, byte[] key, byte @Nullable [] value) {
        recordsInTransaction++;
        send(
                table.topic(),
                new ChangeId(epoch, previousCommit, event * SUB_ORDINALS + sub),
                table.version(),
                key,
                value);
    }

    private void send(String topic, ChangeId id, int version, byte[] key, byte @Nullable [] value) {
        begin();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 0, key, value);
        record.headers().add(Headers.ID, id.toBytes());
        record.headers().add(Headers.VERSION, Headers.versionBytes(version));
        newest.put(topic, producer.send(record));
        counts.merge(topic, 1L, Long::sum);
        if (first == null) {
            first = id;
        }
        last = id;
    }

    private void begin() {
        if (!isKafkaOpen) {
            producer.beginTransaction();
            isKafkaOpen = true;
            commitBefore = previousCommit;
            recordsBefore = recordsInTransaction;
        }
    }

    private void reset() {
        isKafkaOpen = false;
        first = null;
        ends.clear();
        counts.clear();
        newest.clear();
    }

    private static long offset(@Nullable Future<RecordMetadata> sent) {
        if (sent == null) {
            throw new IllegalStateException("nothing was sent");
        }
        return get(sent).offset();
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
