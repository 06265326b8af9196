package dev.warung.capture;

import dev.warung.capture.publish.DurablePosition;
import dev.warung.capture.publish.StreamProgress;
import dev.warung.core.runtime.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/** Every meter of capture. */
final class CaptureMetrics implements AutoCloseable {

    private static final double MS = 1000;

    private final MeterRegistry registry;
    private final JvmGcMetrics gc = new JvmGcMetrics();

    private @Nullable KafkaClientMetrics kafka;

    CaptureMetrics(MeterRegistry registry, CaptureStatus status) {
        this.registry = registry;
        StreamProgress progress = status.progress();
        counter("cdc_capture_changes", "Row changes written to the log", progress, p -> p.rows());
        counter("cdc_capture_copied_rows", "Rows written by initial copies", progress, p -> p.copiedRows());
        counter("cdc_capture_replayed_changes", "Row changes read again and dropped", progress, p -> p.replayedRows());
        counter("cdc_capture_batches", "Batches taken from the engine", progress, p -> p.batches());
        counter("cdc_capture_batch_events", "Events of those batches", progress, p -> p.events());
        counter("cdc_capture_kafka_transactions", "Kafka transactions committed", progress, p -> p.kafkaTransactions());
        gauge("cdc_capture_lag_seconds", "From PostgreSQL's commit to Kafka's", status, s -> s.lagMs() / MS);
        gauge("cdc_capture_marker_age_seconds", "Age of the newest heartbeat read", status, s -> s.markerAgeMs() / MS);
        gauge(
                "cdc_capture_last_progress_timestamp_seconds",
                "When the newest Kafka transaction was committed",
                status,
                s -> s.progress().durableAtMs() / MS);
        gauge(
                "cdc_capture_epoch",
                "The epoch",
                status,
                s -> s.durable().map(DurablePosition::epoch).orElse(0));
        gauge(
                "cdc_capture_durable_lsn_bytes",
                "Commit LSN durable in Kafka",
                status,
                s -> s.durable().map(d -> d.commit().value()).orElse(0L));
        gauge(
                "cdc_capture_confirmed_lsn_bytes",
                "What the slot was told is safe",
                status,
                s -> s.slot().map(v -> v.confirmed().value()).orElse(0L));
        gauge(
                "cdc_capture_retained_wal_bytes",
                "Log that PostgreSQL keeps for the slot",
                status,
                s -> s.slot().map(SlotView::retainedWalBytes).orElse(0L));
        gauge("cdc_capture_streaming", "1 while streaming", status, s -> s.state() == CaptureState.STREAMING ? 1 : 0);
        // From the start, so that the first failure is an increase from zero.
        for (ErrorCode code : ErrorCode.values()) {
            failures(code);
        }
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        gc.bindTo(registry);
    }

    /** Exports the metrics of a Kafka client until {@link #unwatch}. */
    void watch(Producer<?, ?> producer) {
        unwatch();
        KafkaClientMetrics bound = new KafkaClientMetrics(producer);
        bound.bindTo(registry);
        kafka = bound;
    }

    void unwatch() {
        KafkaClientMetrics bound = kafka;
        if (bound != null) {
            bound.close();
            kafka = null;
        }
    }

    void failed(ErrorCode code) {
        failures(code).increment();
    }

    private Counter failures(ErrorCode code) {
        return Counter.builder("cdc_capture_failures")
                .description("Failures by code")
                .tag("code", code.name())
                .register(registry);
    }

    @Override
    public void close() {
        unwatch();
        gc.close();
    }

    private void counter(
            String name, String description, StreamProgress progress, ToDoubleFunction<StreamProgress> value) {
        FunctionCounter.builder(name, progress, value).description(description).register(registry);
    }

    private void gauge(String name, String description, CaptureStatus status, ToDoubleFunction<CaptureStatus> value) {
        Gauge.builder(name, status, value).description(description).register(registry);
    }
}
