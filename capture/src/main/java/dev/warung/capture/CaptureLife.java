package dev.warung.capture;

import dev.warung.capture.copy.InitialCopy;
import dev.warung.capture.engine.ChangeEngine;
import dev.warung.capture.engine.EngineOffset;
import dev.warung.capture.engine.EngineSettings;
import dev.warung.capture.history.CatalogHistory;
import dev.warung.capture.publish.ChangeLog;
import dev.warung.capture.publish.DurablePosition;
import dev.warung.capture.publish.PublisherOptions;
import dev.warung.capture.publish.StreamPublisher;
import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.CommitRecord.TransactionEnd;
import dev.warung.core.wire.PositionRecord;
import dev.warung.core.wire.SchemaRecord.State;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of capture: from fencing the log to the first failure. Everything it opens ends with it.
 *
 * <p>Order matters: the log is fenced first, then read, then PostgreSQL is checked against it, then the slot is freed and read (I3, I10).
 */
final class CaptureLife {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureLife.class);
    private static final long TICK_MS = 100;

    private final Setup setup;
    private final Source source;
    private final CaptureStatus status;
    private final CaptureMetrics metrics;
    private final InstantSource clock;
    private final RepairSchedule repairs = new RepairSchedule();

    /**
     * What a life is lived with.
     *
     * @param resync whether the next life begins a new epoch; reset when that is done
     * @param checkInterval how often PostgreSQL is checked while streaming
     */
    record Setup(
            ChangeLog.Place place,
            PublisherOptions publisher,
            EngineSettings engine,
            AtomicBoolean resync,
            Duration checkInterval) {}

    CaptureLife(Setup setup, Source source, CaptureStatus status, CaptureMetrics metrics, InstantSource clock) {
        this.setup = setup;
        this.source = source;
        this.status = status;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Lives until something fails or {@code stop} completes. Throws what failed; returns normally after a stop.
     *
     * @param takesOver whether from another capture, if there is one
     */
    void live(boolean takesOver, CompletableFuture<Void> stop) throws InterruptedException {
        status.state(CaptureState.STARTING);
        source.setUp();
        source.hold(takesOver);
        CopyDesk desk = new CopyDesk();
        try (ChangeLog log =
                ChangeLog.open(setup.place(), setup.publisher(), new ChangeLog.Helpers(source.ddlLog(), desk), clock)) {
            status.log(log);
            metrics.watch(log.producer());
            prepare(log);
            source.freeSlot();
            stream(log, desk, stop);
        } finally {
            metrics.unwatch();
        }
    }

    private void prepare(ChangeLog log) throws InterruptedException {
        Optional<DurablePosition> streaming = log.found()
                .filter(found -> found.state() == PositionRecord.State.STREAMING
                        && !setup.resync().get());
        PositionRecord.Server server = source.check(streaming);
        if (streaming.isPresent()) {
            log.requireWhole();
            return;
        }
        status.state(CaptureState.COPYING);
        int epoch = source.nextEpoch(log.durable().epoch());
        try (InitialCopy copy = source.beginCopy()) {
            status.copy(copy);
            log.copy(epoch, copy, server, EngineOffset.after(copy.consistentPoint(), 0), status.progress());
            setup.resync().set(false);
        }
    }

    private void stream(ChangeLog log, CopyDesk desk, CompletableFuture<Void> stop) throws InterruptedException {
        CompletableFuture<Void> failed = new CompletableFuture<>();
        ScheduledExecutorService timer = Executors.newScheduledThreadPool(2, CaptureLife::daemon);
        Optional<TransactionEnd> proof = proof(log.durable());
        StreamPublisher publisher = log.stream(proof, EngineOffset::after, status.progress());
        Map<String, Object> offset = proof.map(
                        end -> EngineOffset.after(end.id().commit(), 0))
                .orElse(log.durable().offset());
        try {
            desk.open(source.copies(publisher.inbox()));
            repair(log, publisher, State.COPYING);
            every(timer, TICK_MS, failed, publisher::tick);
            every(timer, setup.checkInterval().toMillis(), failed, () -> attend(log, publisher));
            try (ChangeEngine engine = ChangeEngine.start(setup.engine(), offset, publisher);
                    Source.Attendants attendants = source.attend(publisher::reconcile)) {
                status.state(CaptureState.STREAMING);
                CompletableFuture<Void> ended =
                        engine.ended().thenAccept(cause -> failed.completeExceptionally(ended(cause)));
                CompletableFuture.anyOf(failed, stop, ended).get();
            }
        } catch (ExecutionException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        } finally {
            timer.shutdownNow();
            publisher.abandon();
        }
    }

    /**
     * The log's last transaction, if the slot still holds it: it is read once more, to see that the server has it too. A server that was
     * restored to the past may have written as much since then that its LSNs tell nothing.
     */
    private Optional<TransactionEnd> proof(DurablePosition durable) {
        Lsn confirmed = source.slot().confirmed();
        return durable.lastEnd().filter(end -> confirmed.compareTo(end.id().commit()) <= 0);
    }

    /** While streaming: what a broken table needs, and whether PostgreSQL still lets the stream go on. */
    private void attend(ChangeLog log, StreamPublisher publisher) {
        status.slot(source.slot());
        source.check(Optional.of(log.durable()));
        repair(log, publisher, State.BROKEN);
    }

    private void repair(ChangeLog log, StreamPublisher publisher, State state) {
        Set<Long> oids = new HashSet<>();
        for (CatalogHistory.Entry entry : log.history().inState(state)) {
            if (state == State.COPYING || repairs.isDue(entry.schema().oid(), clock.millis())) {
                oids.add(entry.schema().oid());
            }
        }
        if (!oids.isEmpty()) {
            publisher.reconcile(source.repair(oids));
        }
    }

    private static void every(ScheduledExecutorService timer, long ms, CompletableFuture<Void> failed, Runnable work) {
        var unused = timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (PipelineException e) {
                        if (e.code() == ErrorCode.POSTGRES_UNREACHABLE) {
                            LOG.warn("PostgreSQL cannot be checked: {}", e.getMessage());
                        } else {
                            failed.completeExceptionally(e);
                        }
                    } catch (RuntimeException e) {
                        failed.completeExceptionally(e);
                    }
                },
                ms,
                ms,
                TimeUnit.MILLISECONDS);
    }

    private static Throwable ended(Optional<Throwable> cause) {
        return cause.orElseGet(() -> new IllegalStateException("the engine was closed"));
    }

    /** The failure with a code that lies deepest in what Debezium wrapped around it. */
    static PipelineException failure(Throwable thrown) {
        PipelineException coded = null;
        Throwable deepest = thrown;
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof PipelineException pipeline) {
                coded = pipeline;
            }
            deepest = t;
        }
        if (coded != null) {
            return coded;
        }
        ErrorCode code = isConnection(deepest) ? ErrorCode.POSTGRES_UNREACHABLE : ErrorCode.UNEXPECTED;
        return new PipelineException(code, deepest + ".", thrown);
    }

    private static boolean isConnection(Throwable thrown) {
        return thrown instanceof IOException || thrown.getClass().getName().startsWith("org.postgresql.");
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "capture-timer");
        thread.setDaemon(true);
        return thread;
    }
}
