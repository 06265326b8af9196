package dev.warung.replicator.follow;

import dev.warung.core.ops.LatencyWindow;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.replicator.outlets.OutletLag;
import dev.warung.replicator.routing.RoutingStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/** Every meter of the replicator. Thread: any. */
public final class ReplicatorMetrics implements AutoCloseable {

    private static final double MICROS_PER_SECOND = 1e6;

    private final MeterRegistry registry;
    private final InstantSource clock;
    private final LatencyWindow recent = new LatencyWindow();
    private final Counter changes;
    private final Counter transactions;
    private final Counter missedDeletes;
    private final DistributionSummary batchRows;
    private final Timer commitTime;
    private final Timer latency;
    private final MultiGauge outletRows;
    private final MultiGauge outletSeconds;
    private final MultiGauge outletSeen;
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private volatile ReplicatorStatus status = ReplicatorStatus.STARTING;
    private volatile long lastProgressMs;
    private volatile long lastVerifiedMs;
    private volatile double identical = Double.NaN;
    private volatile long lastAliveMs;
    private volatile @Nullable KafkaClientMetrics kafka;
    private volatile RoutingStatus routing = RoutingStatus.NONE;
    private volatile String routingLost = "";

    public ReplicatorMetrics(MeterRegistry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
        this.lastAliveMs = clock.millis();
        this.changes = Counter.builder("cdc_replicator_changes")
                .description("Records applied to the backup")
                .register(registry);
        this.transactions = Counter.builder("cdc_replicator_transactions")
                .description("PostgreSQL transactions applied to the backup")
                .register(registry);
        this.missedDeletes = Counter.builder("cdc_replicator_missed_deletes")
                .description("Deletes that found no row: above zero, the backup is not identical; run warung verify")
                .register(registry);
        this.batchRows = DistributionSummary.builder("cdc_replicator_batch_rows")
                .description("Records in one SQLite transaction")
                .register(registry);
        this.commitTime = Timer.builder("cdc_replicator_apply_seconds")
                .description("From the first record of a SQLite transaction to the end of its commit")
                .register(registry);
        this.latency = Timer.builder("cdc_replicator_latency_seconds")
                .description("From PostgreSQL's commit to SQLite's")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofMinutes(10))
                .register(registry);
        this.outletRows = MultiGauge.builder("cdc_outlet_behind_rows")
                .description("Records in an outlet's topics beyond the position that it published")
                .register(registry);
        this.outletSeconds = MultiGauge.builder("cdc_outlet_behind_seconds")
                .description("Age of the oldest record that an outlet had not applied when it was last seen")
                .register(registry);
        this.outletSeen = MultiGauge.builder("cdc_outlet_last_seen_timestamp_seconds")
                .description("When an outlet last published its position, seconds since 1970 by its own clock")
                .register(registry);
        gauges();
        routingGauges();
        // From the start, so that the first failure is an increase from zero.
        for (ErrorCode code : ErrorCode.values()) {
            failures(code);
        }
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        gc.bindTo(registry);
    }

    private void gauges() {
        TimeGauge.builder("cdc_replicator_lag_seconds", this, TimeUnit.MILLISECONDS, m -> (double) m.lagMs())
                .description("Age of the newest transaction in the backup, zero while the log holds nothing newer")
                .register(registry);
        Gauge.builder("cdc_replicator_lag_rows", this, m ->
                        (double) m.status.lag().rows())
                .description("Log records not yet applied")
                .register(registry);
        Gauge.builder("cdc_replicator_wal_bytes", this, m ->
                        (double) m.status.lag().walBytes())
                .description("Size of SQLite's WAL file: it grows while somebody reads the backup for long")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("cdc_replicator_applied_lsn_bytes", this, m ->
                        (double) m.status.position().commit().value())
                .description("Commit LSN of the last transaction in the backup")
                .register(registry);
        Gauge.builder(
                        "cdc_replicator_epoch",
                        this,
                        m -> m.status.position().id().epoch())
                .description("Epoch of the last change in the backup")
                .register(registry);
        Gauge.builder(
                        "cdc_replicator_marker_seconds",
                        this,
                        m -> m.status.position().committedAtUs() / MICROS_PER_SECOND)
                .description("When PostgreSQL committed the newest transaction in the backup, seconds since 1970")
                .register(registry);
        Gauge.builder("cdc_replicator_identical", this, m -> m.identical)
                .description(
                        "Whether the last comparison with PostgreSQL found the backup identical: 1 or 0, NaN before the first")
                .register(registry);
        Gauge.builder("cdc_replicator_last_verified_seconds", this, m -> m.lastVerifiedMs / 1000.0)
                .description("When the last comparison with PostgreSQL ended, seconds since 1970")
                .register(registry);
        Gauge.builder("cdc_replicator_last_progress_timestamp_seconds", this, m -> m.lastProgressMs / 1000.0)
                .description("When the replicator last committed or found itself level, seconds since 1970")
                .register(registry);
    }

    private void routingGauges() {
        Gauge.builder("cdc_replicator_shape_instances", this, m -> m.routing.live())
                .description("Shape instances by state")
                .tag("state", "live")
                .register(registry);
        Gauge.builder("cdc_replicator_shape_instances", this, m -> m.routing.filling())
                .description("Shape instances by state")
                .tag("state", "filling")
                .register(registry);
        Gauge.builder("cdc_replicator_shape_instances", this, m -> m.routing.frozen())
                .description("Shape instances by state")
                .tag("state", "frozen")
                .register(registry);
        Gauge.builder(
                        "cdc_replicator_shapes_broken",
                        this,
                        m -> m.routing.broken().size())
                .description("Shapes that cannot be routed, see warung status")
                .register(registry);
        Gauge.builder("cdc_replicator_outlets", this, m -> m.routing.outlets())
                .description("Enabled outlets")
                .register(registry);
        Gauge.builder("cdc_replicator_routed_records", this, m -> (double) m.routing.records())
                .description("Records written to topics of shapes and outlets since the router began")
                .register(registry);
        Gauge.builder(
                        "cdc_replicator_shape_warnings",
                        this,
                        m -> m.routing.warnings().size())
                .description("Things about shapes that somebody should look at, see warung status")
                .register(registry);
    }

    /** What the router does. */
    void routed(RoutingStatus now) {
        routing = now;
    }

    /** Another replicator routes now. */
    void routingLost(String why) {
        routing = RoutingStatus.NONE;
        routingLost = why;
    }

    public RoutingStatus routing() {
        return routing;
    }

    /** Why this replicator does not route any more; empty if nothing took it away. */
    public String whyRoutingIsLost() {
        return routingLost;
    }

    /** One SQLite commit. */
    void committed(long rows, long transactionsEnded, Duration took, long missed) {
        changes.increment((double) rows);
        transactions.increment((double) transactionsEnded);
        missedDeletes.increment((double) missed);
        batchRows.record((double) rows);
        commitTime.record(took);
        progressed();
    }

    /** A PostgreSQL transaction became visible in the backup. */
    void visible(long committedAtUs) {
        long nowMs = clock.millis();
        Duration since = Duration.ofMillis(Math.max(0, nowMs - committedAtUs / 1000));
        recent.record(nowMs, since);
        latency.record(since);
    }

    /** What is known of the outlets; those that are not there any more lose their meters. */
    public void outlets(List<OutletLag> lags) {
        outletRows.register(
                lags.stream()
                        .map(lag -> MultiGauge.Row.of(Tags.of("outlet", lag.code()), lag.rows()))
                        .toList(),
                true);
        outletSeconds.register(
                lags.stream()
                        .map(lag -> MultiGauge.Row.of(Tags.of("outlet", lag.code()), lag.behindMs() / 1000.0))
                        .toList(),
                true);
        outletSeen.register(
                lags.stream()
                        .filter(lag -> lag.lastSeenMs().isPresent())
                        .map(lag -> MultiGauge.Row.of(
                                Tags.of("outlet", lag.code()), lag.lastSeenMs().getAsLong() / 1000.0))
                        .toList(),
                true);
    }

    void alive() {
        lastAliveMs = clock.millis();
    }

    /** When the replicator thread last showed that it moves, milliseconds since 1970. */
    public long lastAliveMs() {
        return lastAliveMs;
    }

    /** A comparison with PostgreSQL was made. */
    public void verified(boolean isIdentical) {
        identical = isIdentical ? 1 : 0;
        lastVerifiedMs = clock.millis();
    }

    void progressed() {
        lastProgressMs = clock.millis();
    }

    void failed(ErrorCode code) {
        failures(code).increment();
    }

    private Counter failures(ErrorCode code) {
        return Counter.builder("cdc_replicator_failures")
                .description("Failures by code")
                .tag("code", code.name())
                .register(registry);
    }

    void show(ReplicatorStatus now) {
        alive();
        status = now;
    }

    public ReplicatorStatus status() {
        return status;
    }

    public long lagMs() {
        ReplicatorStatus now = status;
        return now.lag().isLevel() ? 0 : Math.max(0, now.markerAgeMs(clock.millis()));
    }

    public long lastProgressMs() {
        return lastProgressMs;
    }

    /** Milliseconds; NaN if nothing was applied in the last 30 s. */
    public double latencyPercentile(double share) {
        return recent.percentile(clock.millis(), share);
    }

    void watch(Consumer<byte[], byte[]> consumer) {
        unwatch();
        KafkaClientMetrics metrics = new KafkaClientMetrics(consumer);
        metrics.bindTo(registry);
        kafka = metrics;
    }

    void unwatch() {
        KafkaClientMetrics metrics = kafka;
        if (metrics != null) {
            metrics.close();
            kafka = null;
        }
    }

    @Override
    public void close() {
        unwatch();
        gc.close();
    }
}
