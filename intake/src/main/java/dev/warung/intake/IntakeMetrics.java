package dev.warung.intake;

import dev.warung.core.upload.apply.OpStatus;
import dev.warung.core.upload.apply.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Every meter of intake. Thread: any. */
public final class IntakeMetrics {

    private final InstantSource clock;
    private final Map<OpStatus, Counter> ops = new EnumMap<>(OpStatus.class);
    private final Counter uploads;
    private final Counter repeated;
    private final Counter refused;
    private final Counter copies;
    private final Counter failures;
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
