package dev.warung.outlet;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.value.ValueKind;
import dev.warung.core.wire.Headers;
import dev.warung.core.wire.OutletCodec;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.ShapeCodec;
import dev.warung.core.wire.ShapeRecord;
import dev.warung.core.wire.ShapeSchema;
import dev.warung.core.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes shape topics and the private topic of one outlet, in Kafka transactions, as the router does. Thread: one. */
final class ShapeWriter implements AutoCloseable {

    static final UUID OUTLET = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
    static final String CODE = "toko-1";

    private final Topics topics;
    private final Admin admin;
    private final Producer<byte[], byte[]> producer;
    private final Map<String, ShapeSchema> schemas = new HashMap<>();
    private final Map<String, OutletRecord.Feed> feeds = new LinkedHashMap<>();
    private List<WritableTable> writable = List.of();
    private long lsn = 1000;
    private long ordinal;
    private int generation = 1;
    private boolean isOpen;

    ShapeWriter(String kafka, String prefix) {
        this.topics = new Topics(prefix);
        this.admin = Admin.create(Map.of("bootstrap.servers", kafka));
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka,
                        "transactional.id",
                        topics.routerTransactionalId(),
                        "linger.ms",
                        5,
                        "max.request.size",
                        64 << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    Topics topics() {
        return topics;
    }

    /** Creates the topic of a shape and writes its description. */
    String create(ShapeSchema schema, Map<String, String> configs) {
        String topic =
                topics.shape(schema.shape(), List.copyOf(schema.parameters().values()), schema.generation());
        String id = createTopic(topic, configs);
        schemas.put(topic, schema);
        feeds.put(schema.shape(), new OutletRecord.Feed(schema.shape(), topic, id, schema.generation()));
        send(topic, ShapeCodec.schemaKey(), ShapeCodec.encode(schema));
        return topic;
    }

    /** @return the topic's id, as the controller says: a broker that is asked may not know the topic yet */
    private String createTopic(String topic, Map<String, String> configs) {
        Map<String, String> all = new HashMap<>(Map.of("cleanup.policy", "compact", "max.message.bytes", "67108864"));
        all.putAll(configs);
        CreateTopicsResult result = admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(all)));
        return get(result.topicId(topic)).toString();
    }

    void deleteTopic(String topic) {
        get(admin.deleteTopics(List.of(topic)).all());
    }

    void createPrivate() {
        createTopic(topics.outlet(CODE), Map.of());
    }

    void put(String topic, int table, @Nullable Object... values) {
        ShapeSchema.Table described = schemas.get(topic).tables().get(table);
        ValueKind[] kinds =
                described.columns().stream().map(ShapeSchema.ShapeColumn::kind).toArray(ValueKind[]::new);
        int[] all = new int[kinds.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        send(
                topic,
                ShapeCodec.encodeKey(table, kinds, described.keyPositions(), values),
                ShapeCodec.encodeRow(kinds, all, values));
    }

    /** @param values of which only those of the key are looked at */
    void gone(String topic, int table, @Nullable Object... values) {
        ShapeSchema.Table described = schemas.get(topic).tables().get(table);
        ValueKind[] kinds =
                described.columns().stream().map(ShapeSchema.ShapeColumn::kind).toArray(ValueKind[]::new);
        send(topic, ShapeCodec.encodeKey(table, kinds, described.keyPositions(), values), null);
    }

    void truncate(String topic, int table) {
        send(topic, ShapeCodec.truncateKey(table), ShapeCodec.truncateValue());
    }

    /** The next record will have this id again, or the one after it. */
    ChangeId nextChange() {
        ordinal++;
        return id();
    }

    ChangeId id() {
        return new ChangeId(1, new Lsn(lsn), ordinal);
    }

    /** Ends the PostgreSQL transaction in these topics. @return the mark's id */
    ChangeId end(String... ended) {
        ordinal++;
        ChangeId id = id();
        lsn += 8;
        ordinal = 0;
        ShapeRecord.End end =
                new ShapeRecord.End(id, new Lsn(lsn), InstantSource.system().millis() * 1000);
        for (String topic : ended) {
            send(topic, id, ShapeCodec.endKey(), ShapeCodec.encode(end));
        }
        return id;
    }

    /** Makes what was written visible to readers. */
    void commit() {
        if (isOpen) {
            // decision 0013
            producer.flush();
            producer.commitTransaction();
            isOpen = false;
        }
    }

    void abort() {
        if (isOpen) {
            producer.abortTransaction();
            isOpen = false;
        }
    }

    /** The outlet may write these tables; it has a topic for that. */
    void allow(List<WritableTable> tables) {
        if (writable.isEmpty()) {
            createTopic(topics.upload(CODE), Map.of("cleanup.policy", "delete"));
        }
        writable = tables;
    }

    void forget(String shape) {
        feeds.remove(shape);
    }

    void grow() {
        generation++;
    }

    OutletRecord outlet(boolean enabled) {
        return new OutletRecord(
                OUTLET.toString(),
                CODE,
                "Toko Satu",
                Map.of(),
                enabled,
                generation,
                new ArrayList<>(feeds.values()),
                writable);
    }

    /** Tells the outlet which topics it reads: all that were created and not forgotten. */
    void tell() {
        tell(outlet(true));
    }

    void tell(OutletRecord outlet) {
        send(topics.outlet(CODE), id(), OutletCodec.KEY.getBytes(StandardCharsets.UTF_8), OutletCodec.encode(outlet));
        commit();
    }

    void send(String topic, byte[] key, byte @Nullable [] value) {
        ordinal++;
        send(topic, id(), key, value);
    }

    void send(String topic, ChangeId id, byte[] key, byte @Nullable [] value) {
        if (!isOpen) {
            producer.beginTransaction();
            isOpen = true;
        }
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 0, key, value);
        record.headers().add(Headers.ID, id.toBytes());
        // Its failure makes commitTransaction fail.
        var unused = producer.send(record);
    }

    Admin admin() {
        return admin;
    }

    @Override
    public void close() {
        abort();
        producer.close();
        admin.close();
    }

    static <T> T get(KafkaFuture<T> future) {
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
