package dev.warung.capture.publish;

import dev.warung.capture.copy.ChunkInbox;
import dev.warung.capture.event.EventHandler;
import dev.warung.capture.event.RowImage;
import dev.warung.capture.event.SourceEvent;
import dev.warung.capture.event.SourceEvent.RowEvent;
import dev.warung.capture.event.SourceEvent.TransactionEnd;
import dev.warung.capture.history.CatalogueChange;
import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.FaultPoints;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.PositionRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the events of PostgreSQL's log, writes them, and decides where Kafka transactions end.
 *
 * <p>Guarantees: a replayed event that is in the log already is dropped (I2); a commit is confirmed to PostgreSQL only after Kafka has it,
 * and late (I3); a large PostgreSQL transaction is spread over several Kafka transactions of bounded size (I9).
 *
 * <p>Thread: the engine's, and a timer that calls {@link #tick}; both hold the writer's monitor.
 */
public final class StreamPublisher implements EventHandler {

    /**
     * Least pause between two Kafka transactions while more and more comes: each costs the broker some milliseconds of CPU, and one that
     * begins while the one before is being completed waits longer than this.
     */
    private static final Duration PACE = Duration.ofMillis(5);

    private final LogWriter writer;
    private final TableStream tables;
    private final PublisherOptions options;
    private final InstantSource clock;
    private final BiFunction<Lsn, Long, Map<String, Object>> offsets;
    private final ConfirmQueue confirmations;
    private final ChangeId resumeAfter;
    private final Deque<CatalogueChange> reconciliations = new ArrayDeque<>();
    private final StreamProgress progress;

    private CommitRecord.@Nullable TransactionEnd proof;
    private Lsn previousCommit;
    private long event;
    private long rows;
    private long ownPlace;
    private long committedAtNanos = System.nanoTime();
    /** Something failed in the middle: what is open then, perhaps half an event, must never be committed. */
    private boolean isTorn;

    private Map<String, Object> offset;
    private PositionRecord.Server server;

    /**
     * Where the stream goes on.
     *
     * @param proof the transaction that comes first again; empty if the first one is new
     * @param offsets makes the engine's offset for a commit and its time
     */
    record Start(
            DurablePosition durable,
            Optional<CommitRecord.TransactionEnd> proof,
            BiFunction<Lsn, Long, Map<String, Object>> offsets,
            StreamProgress progress) {}

    StreamPublisher(LogWriter writer, TableStream tables, PublisherOptions options, InstantSource clock, Start start) {
        this.writer = writer;
        this.tables = tables;
        this.options = options;
        this.clock = clock;
        this.offsets = start.offsets();
        this.progress = start.progress();
        this.confirmations = new ConfirmQueue(options.delay());
        this.resumeAfter = start.durable().last();
        this.proof = start.proof().orElse(null);
        this.previousCommit = start.proof()
                .map(end -> end.id().commit())
                .orElse(start.durable().commit());
        this.offset = start.durable().offset();
        this.server = start.durable().server();
        this.ownPlace = firstOwnPlace();
    }

    /** Own records may stand already between the last commit and the next transaction. */
    private long firstOwnPlace() {
        boolean hasOwnRecords = resumeAfter.commit().equals(previousCommit) && resumeAfter.ordinal() < Ordinals.PLACES;
        return hasOwnRecords ? resumeAfter.ordinal() + 1 : 0;
    }

    @Override
    public void handle(List<SourceEvent> events, boolean behind, Confirmation source) throws InterruptedException {
        Optional<Lsn> confirmable;
        synchronized (writer) {
            if (isTorn) {
                throw new PipelineException(ErrorCode.UNEXPECTED, "The stream has failed and is not gone on with.");
            }
            isTorn = true;
            for (SourceEvent next : events) {
                if (next instanceof RowEvent row) {
                    row(row);
                } else if (next instanceof TransactionEnd end) {
                    end(end);
                }
            }
            if (isBetweenTransactions() && (events.isEmpty() || (!behind && isCalm()))) {
                commit();
            } else {
                commitIfFull();
            }
            confirmable = confirmations.due(clock.millis());
            isTorn = false;
        }
        progress.batch(events.size());
        if (confirmable.isPresent()) {
            source.confirm(confirmable.get());
        }
    }

    /** To be called several times a second: ends a Kafka transaction that has been open too long, and does what waits for a pause. */
    public void tick() {
        synchronized (writer) {
            if (isTorn) {
                return;
            }
            isTorn = true;
            if (isBetweenTransactions()) {
                reconcile();
            }
            commitIfFull();
            isTorn = false;
        }
    }

    /** Brings the log in line with the catalogue as it was found, before the next transaction. */
    public void reconcile(CatalogueChange found) {
        synchronized (writer) {
            reconciliations.add(found);
        }
    }

    /** Where the readers of generation copies leave their chunks. */
    public ChunkInbox inbox() {
        return tables.chunks();
    }

    /** Gives up: whoever waits for the stream stops waiting. */
    public void abandon() {
        tables.chunks().abandon();
    }

    /** Whether the last commit is long enough ago that the next costs nobody anything. */
    private boolean isCalm() {
        return System.nanoTime() - committedAtNanos >= PACE.toNanos();
    }

    private boolean isBetweenTransactions() {
        return event == 0;
    }

    private void row(RowEvent row) {
        event++;
        if (ControlTables.isControl(row.table())) {
            if (row.table().equals(ControlTables.HEARTBEAT)) {
                row.images().after().ifPresent(image -> heartbeat(image, row.commitMs()));
            }
        } else {
            rows++;
        }
        if (!id(0).isAfter(resumeAfter)) {
            progress.replayed();
            return;
        }
        FaultPoints.hit("capture.row");
        long here = event;
        tables.write(row, place -> Ordinals.id(resumeAfter.epoch(), previousCommit, here, place));
        progress.row(row.commitMs());
        if (writer.records() >= options.limits().records()
                || writer.bytes() >= options.limits().bytes()) {
            commit();
        }
    }

    private void end(TransactionEnd end) {
        event++;
        prove(end);
        ChangeId id = id(0);
        offset = offsets.apply(end.commit(), end.committedAtUs());
        if (id.isAfter(resumeAfter)) {
            FaultPoints.hit("capture.end");
            writer.end(new CommitRecord.TransactionEnd(id, end.commit(), end.committedAtUs(), end.xid(), rows));
        }
        tables.passed(end.xid());
        previousCommit = end.commit();
        event = 0;
        rows = 0;
        ownPlace = firstOwnPlace();
        progress.end(end.commit(), end.committedAtUs());
        reconcile();
        commitIfFull();
    }

    /** The transaction that comes first again must be the one that the log has: commit LSNs of a restored server may look right. */
    private void prove(TransactionEnd end) {
        CommitRecord.TransactionEnd expected = proof;
        if (expected == null) {
            return;
        }
        proof = null;
        boolean isSame = end.commit().equals(expected.commit())
                && end.xid() == expected.xid()
                && end.committedAtUs() == expected.committedAtUs();
        if (!isSame) {
            throw new PipelineException(
                    ErrorCode.SERVER_CHANGED,
                    "The log's last transaction is "
                            + describe(expected.commit(), expected.xid(), expected.committedAtUs())
                            + ", but the server has " + describe(end.commit(), end.xid(), end.committedAtUs())
                            + " in its place: it was restored from a backup.");
        }
    }

    private static String describe(Lsn commit, long xid, long committedAtUs) {
        return xid + " of " + Instant.ofEpochMilli(committedAtUs / 1000) + " at " + commit;
    }

    private void reconcile() {
        // Until what is in the log already has come again, there is no place for own records.
        while (!reconciliations.isEmpty() && !writer.last().isAfter(ownId(ownPlace))) {
            ownPlace += tables.write(reconciliations.remove(), this::ownId, ownPlace);
        }
    }

    private ChangeId ownId(long place) {
        return Ordinals.id(resumeAfter.epoch(), previousCommit, 0, place);
    }

    private void commitIfFull() {
        boolean isFull = writer.records() >= options.limits().records()
                || writer.bytes() >= options.limits().bytes()
                || writer.ageMs() >= options.limits().age().toMillis();
        if (isFull) {
            commit();
        }
    }

    private void commit() {
        if (writer.isEmpty()) {
            return;
        }
        CommitRecord.Kind kind = isBetweenTransactions() ? CommitRecord.Kind.END : CommitRecord.Kind.PART;
        DurablePosition durable = writer.durable();
        writer.commit(
                kind,
                new LogWriter.Standing(
                        durable.epoch(), PositionRecord.State.STREAMING, durable.epochStart(), offset, server),
                false);
        committedAtNanos = System.nanoTime();
        confirmations.add(writer.durable().commit(), clock.millis());
        progress.committed(writer.durable(), clock.millis());
    }

    private void heartbeat(RowImage image, long commitMs) {
        String counter = image.text(ControlTables.HEARTBEAT_COUNTER);
        String nonce = image.text(ControlTables.HEARTBEAT_NONCE);
        if (counter != null && nonce != null) {
            server = new PositionRecord.Server(
                    server.systemId(), server.timeline(), server.slot(), Long.parseLong(counter), nonce);
            progress.heartbeat(Long.parseLong(counter), commitMs);
        }
    }

    private ChangeId id(int place) {
        return Ordinals.id(resumeAfter.epoch(), previousCommit, event, place);
    }
}
