package dev.warung.outlet.simulation;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.upload.RowImage;
import dev.warung.core.value.ValueKind;
import dev.warung.core.wire.Headers;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.ShapeCodec;
import dev.warung.core.wire.ShapeRecord;
import dev.warung.core.wire.ShapeSchema;
import dev.warung.core.wire.ShapeSchema.Table;
import dev.warung.outlet.simulation.Server.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** One topic of a shape instance: as bytes, for outlets, and as what they mean, for those who check. */
final class ShapeLog {

    private final String shape;
    private final String topic;
    private final int generation;
    private final List<Slot> slots = new ArrayList<>();
    private int committed;

    /**
     * A place in the topic.
     *
     * @param record empty for a mark of Kafka's, and for what was taken back
     */
    private record Slot(Optional<ConsumerRecord<byte[], byte[]>> record, Optional<Entry> entry) {}

    /** What a record means. */
    sealed interface Entry {
        ChangeId id();
    }

    /** @param image empty if the shape does not hold the row any more */
    record Said(ChangeId id, Row row, Optional<RowImage> image) implements Entry {}

    /** @param commit the number of the transaction that ends here, or -1 */
    record Ended(ChangeId id, int commit) implements Entry {}

    ShapeLog(String shape, String instance, int generation) {
        this.shape = shape;
        this.topic = instance + ".g" + generation;
        this.generation = generation;
        ShapeSchema schema = Shop.schema(shape, generation);
        add(ShapeCodec.schemaKey(), ShapeCodec.encode(schema), ChangeId.NONE, Optional.empty());
    }

    String shape() {
        return shape;
    }

    String topic() {
        return topic;
    }

    int generation() {
        return generation;
    }

    OutletRecord.Feed source() {
        return new OutletRecord.Feed(shape, topic, topic, generation);
    }

    void say(ChangeId id, Row row, Optional<RowImage> image) {
        List<Table> tables = Shop.SHAPES.getOrDefault(shape, List.of());
        int number = IntStream.range(0, tables.size())
                .filter(i -> tables.get(i).id().equals(row.table()))
                .findFirst()
                .orElseThrow();
        Table table = tables.get(number);
        ValueKind[] kinds = table.columns().stream().map(c -> c.kind()).toArray(ValueKind[]::new);
        @Nullable Object[] values = Shop.values(table, image.orElseGet(() -> Shop.keyRow(table, row.key())));
        byte[] key = ShapeCodec.encodeKey(number, kinds, table.keyPositions(), values);
        byte @Nullable [] value = image.isPresent()
                ? ShapeCodec.encodeRow(kinds, IntStream.range(0, kinds.length).toArray(), values)
                : null;
        add(key, value, id, Optional.of(new Said(id, row, image.map(found -> Shop.canonical(table, found)))));
    }

    void end(ChangeId id, int commit) {
        ShapeRecord.End end = new ShapeRecord.End(id, new Lsn(id.commit().value() + 1), 0);
        add(ShapeCodec.endKey(), ShapeCodec.encode(end), id, Optional.of(new Ended(id, commit)));
    }

    /** The mark that ends a transaction of Kafka's; all before it can be read. */
    void commit() {
        slots.add(new Slot(Optional.empty(), Optional.empty()));
        committed = slots.size();
    }

    /** What is not committed is passed over by everybody. */
    void abort() {
        for (int i = committed; i < slots.size(); i++) {
            slots.set(i, new Slot(Optional.empty(), Optional.empty()));
        }
        commit();
    }

    boolean isOpen() {
        return committed < slots.size();
    }

    int committedEnd() {
        return committed;
    }

    int end() {
        return slots.size();
    }

    Optional<ConsumerRecord<byte[], byte[]>> record(long offset) {
        return slots.get((int) offset).record();
    }

    Optional<Entry> entry(int offset) {
        return slots.get(offset).entry();
    }

    /** The last end mark of a transaction up to this one; the first mark if there is none. */
    ChangeId endUpTo(int commit) {
        ChangeId last = ChangeId.NONE;
        for (int i = committed - 1; i >= 0; i--) {
            if (slots.get(i).entry().orElse(null) instanceof Ended end && end.commit() <= commit) {
                return end.id();
            }
        }
        return last;
    }

    private void add(byte[] key, byte @Nullable [] value, ChangeId id, Optional<Entry> entry) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(Headers.ID, id.toBytes());
        slots.add(new Slot(
                Optional.of(new ConsumerRecord<>(
                        topic,
                        0,
                        slots.size(),
                        0,
                        TimestampType.CREATE_TIME,
                        key.length,
                        value == null ? 0 : value.length,
                        key,
                        value,
                        headers,
                        Optional.empty())),
                entry));
    }
}
