package dev.warung.capture.publish;

import dev.warung.capture.event.ColumnNames;
import dev.warung.capture.event.ReplicaIdentity;
import dev.warung.capture.event.RowImage;
import dev.warung.capture.event.SourceEvent.RowEvent;
import dev.warung.core.change.ChangeId;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.wire.RowCodec;
import dev.warung.core.wire.RowOp;
import dev.warung.core.wire.Source;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Turns events of one version of a table into records of its topic.
 *
 * <p>Thread: the publisher's.
 */
final class TableWriter {

    /** Places inside an event's range of ordinals. */
    static final int DELETE = 0;

    static final int TOMBSTONE = 1;
    static final int ROW = 2;

    /** What Kafka takes less room for key, headers and its own framing. */
    static final long VALUE_BYTES_MAX = TopicMaker.RECORD_BYTES_MAX - (1L << 20);

    private static final int CHARACTER_BYTES_MAX = 6;
    /** Of a partition nothing else shows that its old rows are not whole. */
    private static final String KEYLESS =
            "a row came without its key: is REPLICA IDENTITY FULL on the table and on each of its partitions?";

    private final TableSchema schema;
    private final RowCodec codec;
    private final List<String> columns;
    private final int[] key;
    /** A table with a column that is computed when it is read cannot have REPLICA IDENTITY FULL; every other one has it. */
    private final boolean logsWholeRows;

    private @Nullable ColumnNames mappedNames;
    private int[] mapping = {};

    TableWriter(TableSchema schema) {
        this.schema = schema;
        this.codec = RowCodec.of(schema);
        this.columns = schema.copiedColumns().stream().map(Column::name).toList();
        this.key = schema.keyPositions();
        this.logsWholeRows = schema.columns().stream().allMatch(Column::isCopied);
    }

    TableSchema schema() {
        return schema;
    }

    /** One record to be written. */
    @SuppressWarnings("ArrayRecordComponent") // hot path: never compared, never a map key
    record Piece(ChangeId id, byte[] key, byte @Nullable [] value) {}

    /** An event as this version's rows. */
    @SuppressWarnings("ArrayRecordComponent") // hot path: never compared, never a map key
    record Rows(
            @Nullable String @Nullable [] before, @Nullable String @Nullable [] after) {}

    /** Why the event does not fit this version; empty if it does. */
    Optional<String> misfit(RowEvent event) {
        if (event.defect().isPresent()) {
            return event.defect();
        }
        Optional<RowImage> before = event.images().before();
        Optional<RowImage> after = event.images().after();
        Optional<String> misfit = after.isPresent() || before.isPresent()
                ? misfit((after.isPresent() ? after : before).get().columns())
                : Optional.empty();
        return misfit.isPresent() || (hasKey(before) && hasKey(after)) ? misfit : Optional.of(KEYLESS);
    }

    private boolean hasKey(Optional<RowImage> image) {
        if (image.isPresent()) {
            @Nullable String[] texts = image.get().texts();
            for (int position : key) {
                if (texts[mapping[position]] == null) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The rows of an event that fits. */
    Rows rows(RowEvent event) {
        return new Rows(
                event.images().before().map(this::row).orElse(null),
                event.images().after().map(this::row).orElse(null));
    }

    /** Why the row is too large for the log, if it is. */
    Optional<String> oversize(@Nullable String @Nullable [] row, long charactersMax) {
        long characters = 0;
        if (row != null) {
            for (String text : row) {
                characters += text == null ? 0 : text.length();
            }
        }
        if (characters > charactersMax) {
            return Optional.of(
                    "a row has " + characters + " characters, more than the " + charactersMax + " of row-bytes-max");
        }
        // Only a large row has to be measured: a character takes six bytes at most.
        boolean mayBeTooLarge = characters * CHARACTER_BYTES_MAX > VALUE_BYTES_MAX / 2;
        long bytes = mayBeTooLarge ? codec.valueBytes(row) : 0;
        return bytes <= VALUE_BYTES_MAX
                ? Optional.empty()
                : Optional.of("a row has " + bytes + " bytes as JSON, where a control character takes six; a record of"
                        + " the log has room for " + VALUE_BYTES_MAX);
    }

    /** The key of a row, as text that is equal for equal keys. */
    String keyText(@Nullable String[] row) {
        return new String(codec.encodeKey(row), StandardCharsets.UTF_8);
    }

    /** The records of an event, in order. */
    List<Piece> pieces(RowEvent event, Rows rows, LongFunction<ChangeId> ids, Envelope envelope) {
        Source source = new Source(envelope.database(), event.commitMs(), event.xid(), event.lsn());
        return switch (event.op()) {
            case TRUNCATE ->
                List.of(new Piece(
                        ids.apply(ROW),
                        RowCodec.truncateKey(),
                        codec.encodeValue(RowOp.TRUNCATE, null, null, source, envelope.nowMs())));
            case DELETE -> delete(required(rows.before()), ids, source, envelope.nowMs());
            case CREATE, READ -> List.of(row(event.op(), null, required(rows.after()), ids, source, envelope.nowMs()));
            case UPDATE -> update(rows, ids, source, envelope.nowMs());
        };
    }

    /** A row that was read with SQL. */
    Piece copied(@Nullable String[] row, ChangeId id, Envelope envelope) {
        Source source = new Source(envelope.database(), envelope.nowMs(), 0, 0);
        return new Piece(id, codec.encodeKey(row), codec.encodeValue(RowOp.READ, null, row, source, envelope.nowMs()));
    }

    /** What all records of a moment have in common. */
    record Envelope(String database, long nowMs) {}

    private List<Piece> update(Rows rows, LongFunction<ChangeId> ids, Source source, long nowMs) {
        @Nullable String[] after = required(rows.after());
        @Nullable String[] before = rows.before();
        if (before == null || codec.isSameKey(before, after)) {
            return List.of(row(RowOp.UPDATE, before, after, ids, source, nowMs));
        }
        List<Piece> gone = delete(before, ids, source, nowMs);
        return List.of(gone.get(0), gone.get(1), row(RowOp.CREATE, null, after, ids, source, nowMs));
    }

    private List<Piece> delete(@Nullable String[] before, LongFunction<ChangeId> ids, Source source, long nowMs) {
        byte[] key = codec.encodeKey(before);
        return List.of(
                new Piece(ids.apply(DELETE), key, codec.encodeValue(RowOp.DELETE, before, null, source, nowMs)),
                new Piece(ids.apply(TOMBSTONE), key, null));
    }

    private Piece row(
            RowOp op,
            @Nullable String @Nullable [] before,
            @Nullable String[] after,
            LongFunction<ChangeId> ids,
            Source source,
            long nowMs) {
        return new Piece(ids.apply(ROW), codec.encodeKey(after), codec.encodeValue(op, before, after, source, nowMs));
    }

    private @Nullable String[] row(RowImage image) {
        misfit(image.columns());
        @Nullable String[] row = new @Nullable String[mapping.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = image.texts()[mapping[i]];
        }
        return row;
    }

    @SuppressWarnings("ReferenceEquality") // names are shared by identity, see ColumnNames
    private Optional<String> misfit(ColumnNames names) {
        if (names == mappedNames) {
            return Optional.empty();
        }
        if (names.names().size() != columns.size() || !names.names().containsAll(columns)) {
            return Optional.of("the row has the columns " + names + ", but version " + schema.version()
                    + " of the table has " + columns);
        }
        if (logsWholeRows && names.oldRows() != ReplicaIdentity.FULL) {
            return Optional.of("its REPLICA IDENTITY is " + names.oldRows().text()
                    + ", not FULL, so an old row may come without its key");
        }
        mapping = columns.stream().mapToInt(names.names()::indexOf).toArray();
        mappedNames = names;
        return Optional.empty();
    }

    private static @Nullable String[] required(@Nullable String @Nullable [] row) {
        if (row == null) {
            throw new IllegalArgumentException("the event lacks the row that its operation needs");
        }
        return row;
    }
}
