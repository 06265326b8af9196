package dev.warung.capture.publish;

import dev.warung.capture.copy.CopySink;
import dev.warung.capture.history.CatalogHistory;
import dev.warung.capture.history.SchemaPlanner;
import dev.warung.capture.history.TableShape;
import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.FaultPoints;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.PositionRecord;
import dev.warung.core.wire.SchemaCodec;
import dev.warung.core.wire.SchemaRecord;
import dev.warung.core.wire.Topics;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the initial copy of an epoch: the new generations, their rows, and the record that makes them all visible at once.
 *
 * <p>Its change ids are {@code (epoch, 0, n)}. Thread: any; all writing holds the writer's monitor.
 */
final class CopyPublisher implements CopySink {

    private static final Logger LOG = LoggerFactory.getLogger(CopyPublisher.class);

    private final LogWriter writer;
    private final Topics topics;
    private final CatalogHistory history;
    private final SchemaPlanner planner;
    private final PublisherOptions options;
    private final InstantSource clock;
    private final Epoch epoch;
    private final Map<Integer, TableWriter> writers = new HashMap<>();
    private final Set<Long> broken = new HashSet<>();
    private long next;

    /** A new epoch. */
    record Epoch(int number, long commitsStart, PositionRecord.Server server, StreamProgress progress) {}

    CopyPublisher(
            LogWriter writer, TableStream.Parts parts, PublisherOptions options, InstantSource clock, Epoch epoch) {
        this.writer = writer;
        this.topics = parts.topics();
        this.history = parts.history();
        this.planner = parts.planner();
        this.options = options;
        this.clock = clock;
        this.epoch = epoch;
    }

    /** Writes the first generation of each table that can be captured. */
    Map<Long, TableSchema> begin(List<TableShape> shapes) {
        synchronized (writer) {
            Map<Long, TableSchema> schemas = new HashMap<>();
            Map<Long, SchemaRecord.Table> records = planner.beginEpoch(shapes, clock.millis());
            writer.makeTopics(
                    records.values().stream().map(r -> r.schema().topic()).toList());
            for (SchemaRecord.Table schemaRecord : records.values()) {
                write(schemaRecord, schemaRecord.schema().version());
                schemas.put(schemaRecord.schema().oid(), schemaRecord.schema());
            }
            write(CommitRecord.Kind.COPY, Map.of(), PositionRecord.State.COPYING);
            return schemas;
        }
    }

    @Override
    public void rows(TableSchema table, List<@Nullable String[]> copied) {
        synchronized (writer) {
            if (broken.contains(table.oid())) {
                return;
            }
            TableWriter tableWriter = writers.computeIfAbsent(table.version(), v -> new TableWriter(table));
            TableWriter.Envelope envelope = new TableWriter.Envelope(options.database(), clock.millis());
            for (@Nullable String[] row : copied) {
                Optional<String> oversize = tableWriter.oversize(row, options.rowBytesMax());
                if (oversize.isPresent()) {
                    broken(table, oversize.get());
                    return;
                }
                TableWriter.Piece piece = tableWriter.copied(row, id(), envelope);
                writer.append(table.topic(), piece.key(), piece.value(), piece.id(), table.version());
                FaultPoints.hit("capture.copied-row");
                commitIfFull();
            }
            epoch.progress().copied(copied.size());
        }
    }

    /** The table stays out of the epoch until it is copied anew; the others go on. */
    @Override
    public void broken(TableSchema table, String reason) {
        synchronized (writer) {
            if (!broken.add(table.oid())) {
                return;
            }
            LOG.error("Table {} cannot be copied: {}", table.id(), reason);
            history.find(table.oid()).ifPresent(entry -> {
                SchemaRecord.Table schemaRecord = planner.breakTable(entry, reason, clock.millis());
                write(schemaRecord, schemaRecord.schema().version());
            });
        }
    }

    /** Writes that the copy is complete; the stream goes on after {@code consistentPoint}. */
    void complete(Lsn consistentPoint, Map<String, Object> offset) {
        synchronized (writer) {
            write(CommitRecord.Kind.COPY, Map.of(), PositionRecord.State.COPYING);
            write(new SchemaRecord.EpochComplete(epoch.number()), 0);
            writer.end(new CommitRecord.TransactionEnd(id(), consistentPoint, clock.millis() * 1000, 0, 0));
            write(CommitRecord.Kind.END, offset, PositionRecord.State.STREAMING);
        }
    }

    private void write(SchemaRecord schemaRecord, int version) {
        writer.append(topics.schema(), null, SchemaCodec.encode(schemaRecord), id(), version);
        history.apply(schemaRecord);
    }

    private void commitIfFull() {
        PublisherOptions.Limits limits = options.limits();
        if (writer.records() >= limits.records()
                || writer.bytes() >= limits.bytes()
                || writer.ageMs() >= limits.age().toMillis()) {
            write(CommitRecord.Kind.COPY, Map.of(), PositionRecord.State.COPYING);
        }
    }

    private void write(CommitRecord.Kind kind, Map<String, Object> offset, PositionRecord.State state) {
        boolean stateChanged =
                writer.durable().epoch() != epoch.number() || writer.durable().state() != state;
        writer.commit(
                kind,
                new LogWriter.Standing(epoch.number(), state, epoch.commitsStart(), offset, epoch.server()),
                stateChanged);
    }

    private ChangeId id() {
        next++;
        return new ChangeId(epoch.number(), Lsn.ZERO, next);
    }
}
