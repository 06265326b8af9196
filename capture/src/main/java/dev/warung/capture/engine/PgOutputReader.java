package dev.warung.capture.engine;

import dev.warung.capture.event.ColumnNames;
import dev.warung.capture.event.ReplicaIdentity;
import dev.warung.capture.event.RowImage;
import dev.warung.capture.event.SourceEvent;
import dev.warung.capture.event.SourceEvent.Images;
import dev.warung.capture.event.SourceEvent.RowEvent;
import dev.warung.capture.event.SourceEvent.TransactionEnd;
import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.RowOp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of pgoutput, protocol version 1 with values as text, and turns them into events. It knows only what the log said:
 * the names of a table and of its columns are those of the moment of the change.
 *
 * <p>Format: PostgreSQL's documentation, "Logical Replication Message Formats".
 *
 * <p>Thread: one; one instance for each connection, because tables are described once a connection.
 */
public final class PgOutputReader {

    /** Microseconds from 1970 to 2000, where PostgreSQL's clock begins. */
    private static final long POSTGRES_EPOCH_US = 946_684_800_000_000L;

    private static final int US_OF_MS = 1000;

    private final Map<Integer, Relation> relations = new HashMap<>();
    private long committedAtUs;
    private long xid;

    /** A table as it was described last. */
    private record Relation(TableId table, ColumnNames columns) {}

    /** One tuple; {@code unchanged} has the position of each value that was not sent, or is null if all were. */
    @SuppressWarnings("ArrayRecordComponent") // hot path: never compared, never a map key
    private record Tuple(@Nullable String[] texts, @Nullable List<Integer> unchanged) {}

    /** When the transaction that is being read was committed, in microseconds since 1970. */
    public long committedAtUs() {
        return committedAtUs;
    }

    /** The transaction that is being read. */
    public long xid() {
        return xid;
    }

    /**
     * Reads one message.
     *
     * @param lsn where the message stands, for information
     * @return the events in it, mostly one; none if it only describes something
     */
    public List<SourceEvent> read(ByteBuffer message, long lsn) {
        char type = (char) message.get();
        switch (type) {
            case 'I' -> {
                Relation relation = relation(message);
                requireTuple(message, 'N');
                return List.of(row(relation, RowOp.CREATE, null, tuple(message, relation), lsn));
            }
            case 'U' -> {
                return List.of(update(message, lsn));
            }
            case 'D' -> {
                Relation relation = relation(message);
                message.get();
                return List.of(row(relation, RowOp.DELETE, tuple(message, relation), null, lsn));
            }
            case 'T' -> {
                return truncate(message, lsn);
            }
            case 'B' -> {
                begin(message);
                return List.of();
            }
            case 'C' -> {
                return List.of(commit(message));
            }
            case 'R' -> {
                describe(message);
                return List.of();
            }
            case 'Y', 'O', 'M' -> {
                // A type, an origin, a message of the application: nothing that a replica needs.
                return List.of();
            }
            default -> throw unexpected("a message of type '" + type + "'");
        }
    }

    private void begin(ByteBuffer message) {
        message.getLong();
        committedAtUs = message.getLong() + POSTGRES_EPOCH_US;
        xid = Integer.toUnsignedLong(message.getInt());
    }

    private TransactionEnd commit(ByteBuffer message) {
        message.get();
        message.getLong();
        long end = message.getLong();
        committedAtUs = message.getLong() + POSTGRES_EPOCH_US;
        return new TransactionEnd(new Lsn(end), committedAtUs, xid);
    }

    private void describe(ByteBuffer message) {
        int id = message.getInt();
        TableId table = new TableId(name(message), name(message));
        ReplicaIdentity oldRows = ReplicaIdentity.of((char) message.get());
        int count = message.getShort();
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            message.get();
            names.add(name(message));
            message.getInt();
            message.getInt();
        }
        relations.put(id, new Relation(table, new ColumnNames(names, oldRows)));
    }

    private RowEvent update(ByteBuffer message, long lsn) {
        Relation relation = relation(message);
        Tuple before = null;
        char kind = (char) message.get();
        if (kind == 'O' || kind == 'K') {
            before = tuple(message, relation);
            kind = (char) message.get();
        }
        if (kind != 'N') {
            throw unexpected("an update with a tuple of kind '" + kind + "'");
        }
        Tuple after = tuple(message, relation);
        return row(relation, RowOp.UPDATE, before, before == null ? after : filled(after, before), lsn);
    }

    /**
     * A value that was not sent is stored out of line, so it is not NULL, and it is the one of the old row if that has it. Whether the old
     * row is whole does not stand in the message: of a partition it is announced as its root's, with what the partition logged.
     */
    private static Tuple filled(Tuple after, Tuple before) {
        if (after.unchanged() == null) {
            return after;
        }
        List<Integer> missing = new ArrayList<>();
        for (int position : after.unchanged()) {
            after.texts()[position] = before.texts()[position];
            if (before.texts()[position] == null) {
                missing.add(position);
            }
        }
        return new Tuple(after.texts(), missing.isEmpty() ? null : missing);
    }

    private List<SourceEvent> truncate(ByteBuffer message, long lsn) {
        int count = message.getInt();
        message.get();
        List<SourceEvent> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            events.add(row(relation(message), RowOp.TRUNCATE, null, null, lsn));
        }
        return events;
    }

    private RowEvent row(Relation relation, RowOp op, @Nullable Tuple before, @Nullable Tuple after, long lsn) {
        return new RowEvent(
                relation.table(),
                op,
                before == null && after == null
                        ? Images.NONE
                        : new Images(image(relation, before), image(relation, after)),
                committedAtUs / US_OF_MS,
                xid,
                lsn,
                defect(relation, after));
    }

    private static Optional<RowImage> image(Relation relation, @Nullable Tuple tuple) {
        return tuple == null ? Optional.empty() : Optional.of(new RowImage(relation.columns(), tuple.texts()));
    }

    private static Optional<String> defect(Relation relation, @Nullable Tuple after) {
        if (after == null || after.unchanged() == null) {
            return Optional.empty();
        }
        String column = relation.columns().names().get(after.unchanged().get(0));
        return Optional.of("the value of column '" + column
                + "' was not sent because it is unchanged: REPLICA IDENTITY is not FULL");
    }

    private Relation relation(ByteBuffer message) {
        int id = message.getInt();
        Relation relation = relations.get(id);
        if (relation == null) {
            throw unexpected(
                    "a row of the table with oid " + Integer.toUnsignedLong(id) + ", which it did not describe");
        }
        return relation;
    }

    private static Tuple tuple(ByteBuffer message, Relation relation) {
        int count = message.getShort();
        if (count != relation.columns().names().size()) {
            throw unexpected("a row of " + relation.table() + " with " + count + " values for the columns "
                    + relation.columns());
        }
        @Nullable String[] texts = new @Nullable String[count];
        List<Integer> unchanged = null;
        for (int i = 0; i < count; i++) {
            char kind = (char) message.get();
            switch (kind) {
                case 't' -> texts[i] = text(message, message.getInt());
                case 'n' -> texts[i] = null;
                case 'u' -> {
                    unchanged = unchanged == null ? new ArrayList<>() : unchanged;
                    unchanged.add(i);
                }
                default -> throw unexpected("a value of kind '" + kind + "' in " + relation.table());
            }
        }
        return new Tuple(texts, unchanged);
    }

    private static String text(ByteBuffer message, int length) {
        int from = message.position();
        message.position(from + length);
        return new String(message.array(), message.arrayOffset() + from, length, StandardCharsets.UTF_8);
    }

    private static String name(ByteBuffer message) {
        int from = message.position();
        int length = 0;
        while (message.get(from + length) != 0) {
            length++;
        }
        String name = text(message, length);
        message.get();
        return name;
    }

    private static void requireTuple(ByteBuffer message, char wanted) {
        char kind = (char) message.get();
        if (kind != wanted) {
            throw unexpected("a tuple of kind '" + kind + "' instead of '" + wanted + "'");
        }
    }

    private static PipelineException unexpected(String what) {
        return new PipelineException(ErrorCode.UNEXPECTED, "PostgreSQL sent " + what + ".");
    }
}
