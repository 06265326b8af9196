package dev.warung.capture.publish;

import dev.warung.capture.copy.Chunk;
import dev.warung.capture.copy.ChunkInbox.Outcome;
import dev.warung.capture.copy.GenerationCopies;
import dev.warung.capture.event.RowImage;
import dev.warung.capture.event.SourceEvent.RowEvent;
import dev.warung.capture.history.CatalogHistory;
import dev.warung.capture.history.CatalogueChange;
import dev.warung.capture.history.DdlLogDecoder;
import dev.warung.capture.history.SchemaPlanner;
import dev.warung.core.change.ChangeId;
import dev.warung.core.change.TableId;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.RowOp;
import dev.warung.core.wire.SchemaCodec;
import dev.warung.core.wire.SchemaRecord;
import dev.warung.core.wire.SchemaRecord.State;
import dev.warung.core.wire.Topics;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts each row where it belongs: into the topic of its table's newest generation, or into capture's own hands if it is a control row.
 *
 * <p>Thread: the publisher's.
 */
final class TableStream {

    private static final Logger LOG = LoggerFactory.getLogger(TableStream.class);

    private final LogWriter writer;
    private final Parts parts;
    private final PublisherOptions options;
    private final InstantSource clock;
    private final ChunkStream chunks = new ChunkStream();
    private final Map<Long, TableWriter> writers = new HashMap<>();
    private final Set<TableId> unknown = new HashSet<>();
    private @Nullable Long currentXid;

    /** What the stream needs to know about tables. */
    record Parts(
            Topics topics,
            CatalogHistory history,
            SchemaPlanner planner,
            DdlLogDecoder decoder,
            GenerationCopies copies) {}

    TableStream(LogWriter writer, Parts parts, PublisherOptions options, InstantSource clock) {
        this.writer = writer;
        this.parts = parts;
        this.options = options;
        this.clock = clock;
    }

    ChunkStream chunks() {
        return chunks;
    }

    CatalogHistory history() {
        return parts.history();
    }

    /**
     * Writes what the event means.
     *
     * @param ids the change id of each place of the event
     */
    void write(RowEvent event, LongFunction<ChangeId> ids) {
        currentXid = event.xid();
        if (event.table().equals(ControlTables.DDL_LOG)) {
            ddl(event, ids);
        } else if (event.table().equals(ControlTables.WATERMARK)) {
            watermark(event, ids);
        } else if (!ControlTables.isControl(event.table())) {
            row(event, ids);
        }
    }

    /** A transaction has passed, whether it was written or not. */
    void passed(long xid) {
        currentXid = null;
        chunks.passed(xid);
    }

    /** Writes what a change of the catalogue means, and tells how many records that took. */
    int write(CatalogueChange change, LongFunction<ChangeId> ids, long firstPlace) {
        List<SchemaRecord.Table> records = parts.planner().plan(change, clock.millis());
        long place = firstPlace;
        for (SchemaRecord.Table schemaRecord : records) {
            write(schemaRecord, ids.apply(place));
            place++;
        }
        return records.size();
    }

    private void write(SchemaRecord.Table schemaRecord, ChangeId id) {
        long oid = schemaRecord.schema().oid();
        if (schemaRecord.state() == State.LIVE || schemaRecord.state() == State.COPYING) {
            writer.makeTopics(List.of(schemaRecord.schema().topic()));
        }
        boolean isNewCopy = schemaRecord.state() == State.COPYING
                && parts.history()
                        .find(oid)
                        .filter(e ->
                                e.schema().generation() == schemaRecord.schema().generation())
                        .isEmpty();
        writer.append(
                parts.topics().schema(),
                null,
                SchemaCodec.encode(schemaRecord),
                id,
                schemaRecord.schema().version());
        parts.history().apply(schemaRecord);
        writers.remove(oid);
        LOG.info(
                "Table {} (oid {}) is {} as generation {}, version {} {}",
                schemaRecord.schema().id(),
                oid,
                schemaRecord.state(),
                schemaRecord.schema().generation(),
                schemaRecord.schema().version(),
                schemaRecord.reason());
        if (isNewCopy) {
            chunks.end(oid);
            chunks.begin(oid, Optional.ofNullable(currentXid));
            parts.copies().request(schemaRecord.schema());
        } else if (schemaRecord.state() != State.COPYING) {
            chunks.end(oid);
            parts.copies().cancel(oid);
        }
    }

    private void ddl(RowEvent event, LongFunction<ChangeId> ids) {
        Optional<RowImage> after = event.images().after();
        if (event.op() != RowOp.CREATE || after.isEmpty()) {
            return;
        }
        String json = after.get().text(ControlTables.DDL_CHANGE);
        try {
            write(parts.decoder().decode(json == null ? "" : json), ids, Ordinals.EXTRA);
        } catch (IllegalArgumentException e) {
            throw new PipelineException(
                    ErrorCode.LOG_INCONSISTENT, "A row of warung.ddl_log cannot be read: " + e.getMessage(), e);
        }
    }

    private void row(RowEvent event, LongFunction<ChangeId> ids) {
        Optional<CatalogHistory.Entry> found = parts.history().find(event.table());
        if (found.isEmpty()) {
            if (unknown.add(event.table())) {
                LOG.warn("Rows of {} arrive, but nothing is known about it: it is copied when it is", event.table());
            }
            return;
        }
        CatalogHistory.Entry entry = found.get();
        if (entry.state() == State.BROKEN) {
            return;
        }
        TableWriter tableWriter = writerOf(entry);
        Optional<String> misfit = tableWriter.misfit(event);
        if (misfit.isPresent()) {
            breakTable(entry, misfit.get(), ids);
            return;
        }
        TableWriter.Rows rows = tableWriter.rows(event);
        Optional<String> oversize = tableWriter.oversize(rows.after(), options.rowBytesMax());
        if (oversize.isPresent()) {
            breakTable(entry, oversize.get(), ids);
            return;
        }
        chunks.merge(entry.schema().oid()).ifPresent(merge -> touch(merge, event, tableWriter, rows));
        TableWriter.Envelope envelope = new TableWriter.Envelope(options.database(), clock.millis());
        for (TableWriter.Piece piece : tableWriter.pieces(event, rows, ids, envelope)) {
            append(tableWriter, piece);
        }
    }

    private static void touch(ChunkMerge merge, RowEvent event, TableWriter tableWriter, TableWriter.Rows rows) {
        if (event.op() == RowOp.TRUNCATE) {
            merge.truncate(event.xid());
        }
        @Nullable String[] before = rows.before();
        if (before != null) {
            merge.touch(event.xid(), tableWriter.keyText(before));
        }
        @Nullable String[] after = rows.after();
        if (after != null) {
            merge.touch(event.xid(), tableWriter.keyText(after));
        }
    }

    private void breakTable(CatalogHistory.Entry entry, String reason, LongFunction<ChangeId> ids) {
        LOG.error("Table {} cannot be followed: {}", entry.schema().id(), reason);
        write(parts.planner().breakTable(entry, reason, clock.millis()), ids.apply(Ordinals.EXTRA));
    }

    private void watermark(RowEvent event, LongFunction<ChangeId> ids) {
        String text = event.images()
                .after()
                .map(row -> row.text(ControlTables.WATERMARK_CHUNK))
                .orElse(null);
        if (text == null) {
            return;
        }
        UUID id = UUID.fromString(text);
        chunks.at(id).ifPresent(chunk -> chunks.finish(id, merge(chunk, ids)));
    }

    private Outcome merge(Chunk chunk, LongFunction<ChangeId> ids) {
        Optional<CatalogHistory.Entry> current = parts.history()
                .find(chunk.schema().oid())
                .filter(e -> e.schema().generation() == chunk.schema().generation() && e.state() == State.COPYING);
        if (current.isEmpty()) {
            return Outcome.UNWANTED;
        }
        if (!current.get().schema().hasRowsOf(chunk.schema())) {
            // The log does not know yet what the reader saw: its description is on the way.
            return Outcome.AGAIN;
        }
        TableWriter tableWriter = writerOf(current.get());
        Optional<List<@Nullable String[]>> rows = chunks.rows(chunk, tableWriter);
        if (rows.isEmpty()) {
            return Outcome.AGAIN;
        }
        Optional<String> oversize = rows.get().stream()
                .flatMap(row -> tableWriter.oversize(row, options.rowBytesMax()).stream())
                .findFirst();
        if (oversize.isPresent()) {
            breakTable(current.get(), oversize.get(), ids);
            return Outcome.UNWANTED;
        }
        TableWriter.Envelope envelope = new TableWriter.Envelope(options.database(), clock.millis());
        long place = Ordinals.EXTRA;
        for (@Nullable String[] row : rows.get()) {
            append(tableWriter, tableWriter.copied(row, ids.apply(place), envelope));
            place++;
        }
        if (chunk.last()) {
            write(parts.planner().turnLive(current.get(), clock.millis()), ids.apply(place));
        }
        return Outcome.TAKEN;
    }

    private TableWriter writerOf(CatalogHistory.Entry entry) {
        return writers.computeIfAbsent(entry.schema().oid(), oid -> new TableWriter(entry.schema()));
    }

    private void append(TableWriter tableWriter, TableWriter.Piece piece) {
        writer.append(
                tableWriter.schema().topic(),
                piece.key(),
                piece.value(),
                piece.id(),
                tableWriter.schema().version());
    }
}
