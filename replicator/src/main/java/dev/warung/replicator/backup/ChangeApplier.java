package dev.warung.replicator.backup;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.FaultPoints;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.wire.RowCodec;
import dev.warung.core.wire.RowCodec.DecodedRow;
import dev.warung.core.wire.RowOp;
import dev.warung.replicator.log.LogRecord;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Applies records of table topics to the tables of the open SQLite transaction. Used only by the replicator thread. */
final class ChangeApplier {

    /** Values bound and not yet executed, over all tables. */
    private static final long PENDING_BYTES_MAX = 8L << 20;

    private final Connection connection;
    private final Catalog catalog;
    private final Map<String, TableWriter> writers = new HashMap<>();
    private final Map<Integer, RowCodec> codecs = new HashMap<>();
    private final boolean heedsTombstones;
    private long pendingBytes;
    private long missedDeletes;

    /** @param heedsTombstones whether tombstones delete rows: needed where compaction may have removed the delete before them */
    ChangeApplier(Connection connection, Catalog catalog, boolean heedsTombstones) {
        this.connection = connection;
        this.catalog = catalog;
        this.heedsTombstones = heedsTombstones;
    }

    /**
     * Reads a record that is not a tombstone.
     *
     * @param isWhole whether the row before is wanted too
     * @throws PipelineException LOG_INCONSISTENT, with topic and offset, if the record cannot be a change of a known table
     */
    DecodedRow decode(LogRecord record, byte[] value, boolean isWhole) {
        try {
            RowCodec codec = codec(record);
            return isWhole ? codec.decodeValue(value) : codec.decodeAfter(value);
        } catch (IllegalArgumentException e) {
            throw inconsistent(record, String.valueOf(e.getMessage()), e);
        }
    }

    /** The key's values. @throws PipelineException LOG_INCONSISTENT if it is not a key of its table */
    Object[] decodeKey(LogRecord record) {
        try {
            return codec(record).decodeKey(record.key());
        } catch (IllegalArgumentException e) {
            throw inconsistent(record, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Applies a record.
     *
     * @param row what it says; null for a tombstone
     * @throws PipelineException LOG_INCONSISTENT, with topic and offset, if the record cannot be a change of a known table
     */
    void apply(LogRecord record, @Nullable DecodedRow row) {
        FaultPoints.hit("replicator.apply");
        byte[] value = record.value();
        if (value != null) {
            pendingBytes += value.length;
        }
        try {
            TableWriter writer = writer(record.topic());
            if (row == null) {
                applyTombstone(record, writer);
            } else {
                applyRow(record, row, writer);
            }
        } catch (IllegalArgumentException e) {
            throw inconsistent(record, String.valueOf(e.getMessage()), e);
        }
        if (pendingBytes > PENDING_BYTES_MAX) {
            flush();
        }
    }

    void flush() {
        pendingBytes = 0;
        for (TableWriter writer : writers.values()) {
            writer.flush();
            missedDeletes += writer.takeMissedDeletes();
        }
    }

    /** Finishes the writers, because tables are about to change their shape. */
    void closeWriters() {
        flush();
        List<TableWriter> all = new ArrayList<>(writers.values());
        writers.clear();
        all.forEach(TableWriter::close);
    }

    long takeMissedDeletes() {
        long missed = missedDeletes;
        missedDeletes = 0;
        return missed;
    }

    private void applyRow(LogRecord record, DecodedRow row, TableWriter writer) {
        RowCodec codec = codec(record);
        if (row.op() == RowOp.TRUNCATE) {
            writer.truncate();
        } else if (row.op() == RowOp.DELETE) {
            writer.delete(record, codec.decodeKey(record.key()));
        } else {
            @Nullable Object[] after = row.after();
            if (after == null) {
                throw inconsistent(record, "op " + row.op().code() + " without 'after'", null);
            }
            writer.upsert(record, codec.schema(), after);
        }
    }

    /** A tombstone follows its delete, so it finds nothing, unless compaction has removed the delete. */
    private void applyTombstone(LogRecord record, TableWriter writer) {
        if (heedsTombstones && !RowCodec.isTruncateKey(record.key())) {
            writer.delete(record, codec(record).decodeKey(record.key()));
        }
    }

    private TableWriter writer(String topic) {
        TableWriter writer = writers.get(topic);
        if (writer == null) {
            TableEntry entry = catalog.byTopic(topic)
                    .orElseThrow(() -> new IllegalArgumentException("no schema record has announced this topic"));
            writer = new TableWriter(connection, entry);
            writers.put(topic, writer);
        }
        return writer;
    }

    private RowCodec codec(LogRecord record) {
        RowCodec codec = codecs.get(record.version());
        if (codec == null) {
            TableSchema schema = catalog.version(record.version())
                    .orElseThrow(
                            () -> new IllegalArgumentException("schema version " + record.version() + " is unknown"));
            codec = RowCodec.of(schema);
            codecs.put(record.version(), codec);
        }
        return codec;
    }

    private static PipelineException inconsistent(LogRecord record, String why, @Nullable Throwable cause) {
        return new PipelineException(
                ErrorCode.LOG_INCONSISTENT, record.place() + " (change " + record.id() + "): " + why + ".", cause);
    }
}
