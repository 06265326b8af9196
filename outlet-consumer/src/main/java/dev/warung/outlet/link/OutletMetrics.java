package dev.warung.outlet.link;

import dev.warung.core.ops.LatencyWindow;
import dev.warung.core.runtime.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Every meter of the outlet. Thread: any. */
public final class OutletMetrics {

    private static final long MICROS_PER_MILLI = 1_000;
    /** As the ledger has them. */
    private static final List<String> RESULTS = List.of("applied", "merged", "superseded", "conflict", "failed");

    private final MeterRegistry registry;
    private final InstantSource clock;
    private final LatencyWindow recent = new LatencyWindow();
    private final Counter records;
    private final Counter transactions;
    private final Counter outdated;
    private final Counter resyncs;
    private final Counter uploads;
    private final Counter sentOps;
    private final Counter uploadFailures;
    private final Timer latency;
    private volatile OutletStatus status = OutletStatus.STARTING;
    private volatile long lastProgressMs;
    private volatile long lastAliveMs;

    public OutletMetrics(MeterRegistry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
        this.lastAliveMs = clock.millis();
        this.records = Counter.builder("cdc_outlet_records")
                .description("Records applied to the outlet's file")
                .register(registry);
        this.transactions = Counter.builder("cdc_outlet_transactions")
                .description(
                        "End marks applied to the outlet's file: a transaction counts once for each shape it touches")
                .register(registry);
        this.outdated = Counter.builder("cdc_outlet_outdated_records")
                .description("Records passed over because they are older than what was read before")
                .register(registry);
        this.resyncs = Counter.builder("cdc_outlet_resyncs")
                .description("Shapes read from their start, the first time included")
                .register(registry);
        this.uploads = Counter.builder("cdc_outlet_uploads")
                .description("Uploads that Kafka has taken")
                .register(registry);
        this.sentOps = Counter.builder("cdc_outlet_sent_ops")
                .description("Ops handed to Kafka; one that is sent again counts again")
                .register(registry);
        this.uploadFailures = Counter.builder("cdc_outlet_upload_failures")
                .description("Uploads that Kafka did not take, and that are sent again")
                .register(registry);
        this.latency = Timer.builder("cdc_outlet_latency_seconds")
                .description("From PostgreSQL's commit to the outlet's")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofMinutes(10))
                .register(registry);
        gauges();
        for (ErrorCode code : ErrorCode.values()) {
            failures(code);
        }
        for (String result : RESULTS) {
            settled(result);
        }
        new JvmMemoryMetrics().bindTo(registry);
    }

    private void gauges() {
        TimeGauge.builder("cdc_outlet_lag_seconds", this, TimeUnit.MILLISECONDS, m -> (double) m.lagMs())
                .description("Time since the outlet last knew that it had everything")
                .register(registry);
        Gauge.builder("cdc_outlet_lag_rows", this, m -> (double) m.status.lagRows())
                .description("Records not yet in the outlet's file, as far as it knows")
                .register(registry);
        Gauge.builder("cdc_outlet_complete", this, m -> m.status.isComplete() ? 1 : 0)
                .description("1 when all shapes of the outlet can be seen")
                .register(registry);
        Gauge.builder("cdc_outlet_wal_bytes", this, m -> (double) m.status.walBytes())
                .description("Size of SQLite's WAL file: it grows while somebody reads the file for long")
                .baseUnit("bytes")
                .register(registry);
        for (String state : List.of("pending", "uploaded", "conflict", "failed")) {
            Gauge.builder("cdc_outlet_writes", this, m -> m.status.writes().getOrDefault(state, 0L))
                    .description("Writes of the application that the server has not answered, or not as was wished")
                    .tag("state", state)
                    .register(registry);
        }
        Gauge.builder("cdc_outlet_last_contact_timestamp_seconds", this, m -> m.status.contactAtMs() / 1000.0)
                .description("When Kafka last answered, seconds since 1970")
                .register(registry);
        Gauge.builder("cdc_outlet_last_progress_timestamp_seconds", this, m -> m.lastProgressMs / 1000.0)
                .description("When the outlet last committed, seconds since 1970")
                .register(registry);
    }

    void committed(long recordsApplied) {
        records.increment((double) recordsApplied);
        lastProgressMs = clock.millis();
    }

    /** A PostgreSQL transaction became visible in the outlet's file. */
    void visible(long committedAtUs) {
        transactions.increment();
        if (committedAtUs > 0) {
            long nowMs = clock.millis();
            Duration since = Duration.ofMillis(Math.max(0, nowMs - committedAtUs / MICROS_PER_MILLI));
            recent.record(nowMs, since);
            latency.record(since);
        }
    }

    void sending(int ops) {
        sentOps.increment(ops);
    }

    void uploaded() {
        uploads.increment();
    }

    void uploadFailed() {
        uploadFailures.increment();
    }

    /** Ops whose results the server has told: {@code applied}, {@code merged}, … */
    void settled(List<String> results) {
        results.forEach(result -> settled(result).increment());
    }

    private Counter settled(String result) {
        return Counter.builder("cdc_outlet_settled_ops")
                .description("Ops that the server has answered, by result")
                .tag("result", result)
                .register(registry);
    }

    void outdated() {
        outdated.increment();
    }

    void resync() {
        resyncs.increment();
    }

    void alive() {
        lastAliveMs = clock.millis();
    }

    /** When the outlet thread last showed that it moves, milliseconds since 1970. */
    public long lastAliveMs() {
        return lastAliveMs;
    }

    void failed(ErrorCode code) {
        failures(code).increment();
    }

    private Counter failures(ErrorCode code) {
        return Counter.builder("cdc_outlet_failures")
                .description("Failures by code")
                .tag("code", code.name())
                .register(registry);
    }

    void show(OutletStatus now) {
        alive();
        status = now;
    }

    public OutletStatus status() {
        return status;
    }

    /** Since when the outlet may lack something; 0 if it has no shapes. */
    public long lagMs() {
        OutletStatus now = status;
        long levelAtMs = now.shapes().stream()
                .filter(s -> s.feed().isLive())
                .mapToLong(s -> s.feed().progress().levelAtMs())
                .min()
                .orElse(clock.millis());
        return Math.max(0, clock.millis() - levelAtMs);
    }

    /** Milliseconds; NaN if nothing was applied in the last 30 s. */
    public double latencyPercentile(double share) {
        return recent.percentile(clock.millis(), share);
    }
}
