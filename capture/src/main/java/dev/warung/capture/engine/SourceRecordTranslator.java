package dev.warung.capture.engine;

import dev.warung.capture.event.ColumnNames;
import dev.warung.capture.event.RowImage;
import dev.warung.capture.event.SourceEvent;
import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.RowOp;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Turns Debezium's records into events.
 *
 * <p>An update of the key arrives as a delete and an insert, if the columns that are the key <em>now</em> changed. The pair is put
 * together again: otherwise today's key would decide how many events a transaction had, and with it the change ids of a replay.
 *
 * <p>Thread: the engine's; one instance for each run of the engine.
 */
final class SourceRecordTranslator {

    private static final String NEW_KEY = "__debezium.newkey";
    private static final String OLD_KEY = "__debezium.oldkey";
    private static final int SHAPES_MAX = 10_000;

    private final IdentityHashMap<Schema, Shape> shapes = new IdentityHashMap<>();
    private SourceEvent.@Nullable RowEvent firstHalf;

    /** What all records of one Connect schema have in common. */
    private record Shape(TableId table, ColumnNames columns) {}

    /** The event that a record completes; empty for a begin, for the first half of a key change and for foreign records. */
    Optional<SourceEvent> translate(SourceRecord sourceRecord) {
        if (EngineProperties.TRANSACTION_TOPIC.equals(sourceRecord.topic())) {
            return transaction(sourceRecord);
        }
        if (!(sourceRecord.value() instanceof Struct value) || value.schema().field("op") == null) {
            return Optional.empty();
        }
        SourceEvent.RowEvent row = row(value);
        if (sourceRecord.headers().lastWithName(NEW_KEY) != null && row.op() == RowOp.DELETE) {
            requireNoHalf();
            firstHalf = row;
            return Optional.empty();
        }
        if (sourceRecord.headers().lastWithName(OLD_KEY) != null && row.op() == RowOp.CREATE) {
            return Optional.of(join(row));
        }
        requireNoHalf();
        return Optional.of(row);
    }

    private Optional<SourceEvent> transaction(SourceRecord sourceRecord) {
        requireNoHalf();
        Struct value = (Struct) sourceRecord.value();
        if (!"END".equals(value.getString("status"))) {
            return Optional.empty();
        }
        Map<String, ?> offset = sourceRecord.sourceOffset();
        return Optional.of(new SourceEvent.TransactionEnd(
                new Lsn(number(offset, EngineOffset.COMMIT)),
                number(offset, EngineOffset.TIME_US),
                number(offset, "txId")));
    }

    private SourceEvent.RowEvent row(Struct value) {
        Struct source = value.getStruct("source");
        Shape shape = shapes.get(value.schema());
        if (shape == null) {
            shape = shapeOf(value.schema(), source);
            if (shapes.size() >= SHAPES_MAX) {
                shapes.clear();
            }
            shapes.put(value.schema(), shape);
        }
        Defects defects = new Defects();
        Optional<RowImage> before = image((Struct) value.getWithoutDefault("before"), shape.columns(), defects);
        Optional<RowImage> after = image((Struct) value.getWithoutDefault("after"), shape.columns(), defects);
        return new SourceEvent.RowEvent(
                shape.table(),
                RowOp.of(value.getString("op")),
                new SourceEvent.Images(before, after),
                source.getInt64("ts_ms"),
                source.getInt64("txId"),
                source.getInt64("lsn"),
                Optional.ofNullable(defects.first));
    }

    private static Shape shapeOf(Schema envelope, Struct source) {
        List<String> names = new ArrayList<>();
        envelope.field("after").schema().fields().forEach(field -> names.add(field.name()));
        return new Shape(new TableId(source.getString("schema"), source.getString("table")), new ColumnNames(names));
    }

    /** The first thing found wrong with a row. */
    private static final class Defects {
        private @Nullable String first;

        void found(String defect) {
            if (first == null) {
                first = defect;
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // markers are known by identity, so that no text can be taken for one
    private static Optional<RowImage> image(@Nullable Struct row, ColumnNames columns, Defects defects) {
        if (row == null) {
            return Optional.empty();
        }
        List<String> names = columns.names();
        @Nullable String[] texts = new @Nullable String[names.size()];
        for (int i = 0; i < texts.length; i++) {
            // Struct.get() would turn a real NULL into the column's default.
            Object text = row.getWithoutDefault(names.get(i));
            if (text == RawTextConverter.UNCHANGED) {
                defects.found("the value of column '" + names.get(i)
                        + "' was not sent because it is unchanged: REPLICA IDENTITY is not FULL");
            } else if (text == RawTextConverter.NOT_TEXT) {
                defects.found("the value of column '" + names.get(i) + "' came parsed instead of as text");
            } else {
                texts[i] = (String) text;
            }
        }
        return Optional.of(new RowImage(columns, texts));
    }

    private SourceEvent join(SourceEvent.RowEvent second) {
        SourceEvent.RowEvent first = firstHalf;
        firstHalf = null;
        if (first == null || !first.table().equals(second.table())) {
            throw halved();
        }
        return new SourceEvent.RowEvent(
                second.table(),
                RowOp.UPDATE,
                new SourceEvent.Images(first.images().before(), second.images().after()),
                second.commitMs(),
                second.xid(),
                second.lsn(),
                first.defect().or(second::defect));
    }

    private void requireNoHalf() {
        if (firstHalf != null) {
            throw halved();
        }
    }

    private static PipelineException halved() {
        return new PipelineException(ErrorCode.UNEXPECTED, "Debezium sent half of a key change.");
    }

    private static long number(Map<String, ?> offset, String name) {
        if (offset.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new PipelineException(
                ErrorCode.UNEXPECTED, "Debezium's offset of a transaction's end lacks " + name + ".");
    }
}
