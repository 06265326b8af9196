package dev.warung.intake;

import dev.warung.core.upload.apply.OpStatus;
import dev.warung.core.upload.apply.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Every meter of intake. Thread: any. */
public final class IntakeMetrics {

    private static final long MICROS_PER_MILLI = 1_000;

    private final InstantSource clock;
    private final Map<OpStatus, Counter> ops = new EnumMap<>(OpStatus.class);
    private final Counter uploads;
    private final Counter repeated;
    private final Counter refused;
    private final Counter copies;
    private final Counter failures;
    private final Timer latency;
    private final AtomicLong lagRecords = new AtomicLong();
    private final AtomicLong openConflicts = new AtomicLong();
    private final AtomicLong progressMs = new AtomicLong();
    private volatile String failure = "";

    public IntakeMetrics(MeterRegistry registry, InstantSource clock) {
        this.clock = clock;
        for (OpStatus status : OpStatus.values()) {
            ops.put(
                    status,
                    Counter.builder("cdc_intake_ops_total")
                            .description("ops of outlets by what became of them")
                            .tag("status", status.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        this.uploads = counter(registry, "cdc_intake_uploads_total", "uploads that were applied");
        this.repeated = counter(registry, "cdc_intake_repeated_ops_total", "ops that the ledger had already");
        this.refused = counter(registry, "cdc_intake_refused_records_total", "records that are no uploads");
        this.copies = counter(registry, "cdc_intake_copies_total", "copies of outlets' files that were found");
        this.failures = counter(registry, "cdc_intake_failures_total", "tries that failed and are made again");
        this.latency = Timer.builder("cdc_intake_latency_seconds")
                .description("from the broker's receipt of an upload to PostgreSQL's commit")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofHours(1))
                .register(registry);
        Gauge.builder("cdc_intake_lag_records", lagRecords, AtomicLong::get)
                .description("records of uploads that this instance has not read yet, as far as it knows")
                .register(registry);
        Gauge.builder("cdc_intake_open_conflicts", openConflicts, AtomicLong::get)
                .description("conflicts that wait for somebody's decision")
                .register(registry);
        TimeGauge.builder(
                        "cdc_intake_last_progress_timestamp_seconds",
                        progressMs,
                        TimeUnit.MILLISECONDS,
                        AtomicLong::get)
                .description("when intake last looked for uploads")
                .register(registry);
    }

    void applied(Outcome outcome) {
        if (outcome.isCopy()) {
            copies.increment(outcome.messages().isEmpty() ? 0 : 1);
            return;
        }
        uploads.increment();
        repeated.increment(outcome.repeated());
        outcome.counts().forEach((status, count) -> {
            Counter counter = ops.get(status);
            if (counter != null) {
                counter.increment(count);
            }
        });
        failure = "";
    }

    /**
     * An upload is in PostgreSQL.
     *
     * @param receivedUs when the broker took it
     */
    void committed(long receivedUs) {
        latency.record(Math.max(0, clock.millis() - receivedUs / MICROS_PER_MILLI), TimeUnit.MILLISECONDS);
    }

    void lag(long records) {
        lagRecords.set(records);
    }

    void openConflicts(long count) {
        openConflicts.set(count);
    }

    void refused() {
        refused.increment();
    }

    void failed(String why) {
        failures.increment();
        failure = why;
    }

    /** Intake has met Kafka, and no outlet's uploads wait. */
    void progressed() {
        stepped();
        failure = "";
    }

    /** Intake has met Kafka; some outlet's uploads wait. */
    void stepped() {
        progressMs.set(clock.millis());
    }

    long progressMs() {
        return progressMs.get();
    }

    /** Why uploads wait; empty if they do not. */
    String failure() {
        return failure;
    }

    long uploads() {
        return (long) uploads.count();
    }

    long ops(OpStatus status) {
        Counter counter = ops.get(status);
        return counter == null ? 0 : (long) counter.count();
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }
}
