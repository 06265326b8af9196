package dev.warung.capture.engine;

import dev.warung.capture.event.EventHandler;
import dev.warung.capture.event.SourceEvent;
import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import io.debezium.connector.base.ChangeEventQueue;
import io.debezium.connector.postgresql.PostgresChangeRecordEmitter;
import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.connection.pgoutput.PgOutputMessageDecoder;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.Offsets;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.debezium.engine.spi.OffsetCommitPolicy;
import io.debezium.pipeline.meters.CommonEventMeter;
import java.io.IOException;
import java.security.CodeSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of Debezium's embedded engine, from a transaction's end until it fails or is closed.
 *
 * <p>Guarantees: the slot is confirmed only up to commits that the handler confirmed (I3), also while the engine shuts down.
 * It never retries by itself: whoever runs it starts a new one.
 */
public final class ChangeEngine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeEngine.class);
    /** Our classes that take the place of Debezium's own. */
    static final List<Class<?>> REPLACED = List.of(
            PgOutputMessageDecoder.class,
            PostgresChangeRecordEmitter.class,
            TypeRegistry.class,
            ChangeEventQueue.class,
            CommonEventMeter.class);

    private static final long CLOSE_MS = 30_000;
    private static final long CLOSE_STEP_MS = 100;

    private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private final CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
    private final Thread thread;
    private final String run = UUID.randomUUID().toString();

    private ChangeEngine(EngineSettings settings, Map<String, Object> offset, EventHandler handler) {
        AtomicBoolean streaming = new AtomicBoolean();
        SeededOffsetStore.RUNS.put(run, streaming);
        this.engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(EngineProperties.of(settings, offset, run))
                .using(OffsetCommitPolicy.always())
                .using((success, message, error) -> ended.complete(cause(success, message, error)))
                .notifying(new Consumer(handler, streaming))
                .build();
        this.thread = new Thread(this::run, "capture-engine");
    }

    /** Starts reading right after the transaction that {@code offset} names; see {@link EngineOffset}. */
    public static ChangeEngine start(EngineSettings settings, Map<String, Object> offset, EventHandler handler) {
        requireOwnClasses();
        LOG.info("Reading PostgreSQL's log of {} from {}", settings.server(), offset);
        ChangeEngine engine = new ChangeEngine(settings, offset, handler);
        engine.thread.start();
        return engine;
    }

    /** Debezium's own classes of these names lose values or time: ours must come first in the class path. */
    private static void requireOwnClasses() {
        CodeSource ours = ChangeEngine.class.getProtectionDomain().getCodeSource();
        for (Class<?> replaced : REPLACED) {
            CodeSource source = replaced.getProtectionDomain().getCodeSource();
            if (!ours.getLocation().equals(source.getLocation())) {
                throw new PipelineException(
                        ErrorCode.SETTINGS_INVALID,
                        "The class path has " + source.getLocation() + " before " + ours.getLocation()
                                + ": put capture's jar first.");
            }
        }
    }

    /** Completes when the engine has stopped: with the failure, or empty if it was closed. */
    public CompletableFuture<Optional<Throwable>> ended() {
        return ended;
    }

    @Override
    public void close() {
        try {
            for (long waited = 0; waited < CLOSE_MS && thread.isAlive(); waited += CLOSE_STEP_MS) {
                orderToClose();
                thread.join(CLOSE_STEP_MS);
            }
            if (thread.isAlive()) {
                LOG.warn("The engine did not stop within {} ms; its thread is interrupted", CLOSE_MS);
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            engine.run();
        } finally {
            SeededOffsetStore.RUNS.remove(run);
            ended.complete(Optional.of(new IllegalStateException("the engine ended without a reason")));
        }
    }

    private void orderToClose() {
        try {
            engine.close();
        } catch (IOException | IllegalStateException e) {
            // It refuses while it starts or already stops: the caller tries again until it has ended.
            LOG.debug("The engine did not take the order to close", e);
        }
    }

    private static Optional<Throwable> cause(boolean success, String message, Throwable error) {
        if (success) {
            return Optional.empty();
        }
        return Optional.of(error == null ? new IllegalStateException(message) : error);
    }

    /** Hands batches to the handler; used only by the engine's polling thread. */
    private static final class Consumer implements ChangeConsumer<RecordChangeEvent<SourceRecord>> {

        private final EventHandler handler;
        private final AtomicBoolean streaming;

        Consumer(EventHandler handler, AtomicBoolean streaming) {
            this.handler = handler;
            this.streaming = streaming;
        }

        @Override
        public void handleBatch(
                List<RecordChangeEvent<SourceRecord>> batch, RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
                throws InterruptedException {
            streaming.set(true);
            for (RecordChangeEvent<SourceRecord> change : batch) {
                List<SourceEvent> events = ((EventBatch) change.record().value()).events();
                handler.handle(events, events.size() >= EventBatch.BULK, commit -> confirm(change, commit, committer));
            }
        }

        private static void confirm(
                RecordChangeEvent<SourceRecord> carrier,
                Lsn commit,
                RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
                throws InterruptedException {
            Offsets offsets = committer.buildOffsets();
            EngineOffset.after(commit, 0).forEach(offsets::set);
            committer.markProcessed(carrier, offsets);
            committer.markBatchFinished();
        }
    }
}
