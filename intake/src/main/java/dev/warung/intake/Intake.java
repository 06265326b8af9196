package dev.warung.intake;

import dev.warung.core.runtime.Backoff;
import dev.warung.core.upload.Upload;
import dev.warung.core.upload.UploadParts;
import dev.warung.core.upload.apply.Outcome;
import dev.warung.core.upload.apply.Refusal;
import dev.warung.core.wire.Topics;
import dev.warung.core.wire.UploadCodec;
import dev.warung.intake.rows.PassingException;
import dev.warung.intake.rows.PostgresIntake;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes uploads from Kafka to PostgreSQL, each outlet's in their order. Offsets are committed after PostgreSQL's transaction, so a death in
 * between brings an upload again; the ledger knows it then.
 *
 * <p>Guarantees: an upload that cannot be applied now holds up its own outlet only, and after so many tries it is set aside in the ledger; an
 * outage of PostgreSQL is waited for however long it takes. Thread: one runs it, any may stop it.
 */
public final class Intake {

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final Duration COUNT_EVERY = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long MILLI_US = 1_000;

    private final Options options;
    private final Supplier<UploadReader> readers;
    private final PostgresIntake rows;
    private final IntakeMetrics metrics;
    private final InstantSource clock;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Map<TopicPartition, Line> lines = new HashMap<>();
    private long countsAtMs;
    private volatile @Nullable UploadReader reader;

    /**
     * How often something that may pass is tried again before it is set aside.
     *
     * @param first the wait before the second try; it doubles
     */
    public record Retries(int tries, Duration first, Duration longest) {}

    /** @param outageMax the longest wait between two tries while PostgreSQL or Kafka is away */
    public record Options(Topics topics, Map<String, Object> kafka, Retries retries, Duration outageMax) {}

    public Intake(Options options, PostgresIntake rows, IntakeMetrics metrics, InstantSource clock) {
        this.options = options;
        this.readers = () -> new UploadReader(options.kafka(), options.topics());
        this.rows = rows;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** What is known of one outlet's topic while it is read. */
    private static final class Line {
        private final UploadParts parts = new UploadParts();
        /** Where the upload begins whose parts are being gathered; -1 if none is. */
        private long beginsAt = -1;

        private int failures;
        private long waitsUntilMs;
    }

    /** Until {@link #stop}. */
    public void run() throws InterruptedException {
        Backoff outage = Backoff.between(Duration.ofSeconds(1), options.outageMax());
        while (stop.getCount() > 0) {
            try (UploadReader opened = readers.get()) {
                reader = opened;
                lines.clear();
                while (stop.getCount() > 0) {
                    step(opened);
                    outage.reset();
                }
            } catch (WakeupException e) {
                LOG.debug("Asked to end");
            } catch (PassingException | KafkaException e) {
                metrics.failed(String.valueOf(e.getMessage()));
                LOG.warn("Uploads wait: {}", e.getMessage());
                outage.awaitNext(stop);
            }
        }
        rows.close();
    }

    public void stop() {
        stop.countDown();
        UploadReader running = reader;
        if (running != null) {
            running.wakeUp();
        }
    }

    private void step(UploadReader from) {
        resume(from);
        count(from);
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = from.poll(POLL);
        from.lost().forEach(lines::remove);
        if (lines.values().stream().anyMatch(line -> line.waitsUntilMs > 0)) {
            metrics.stepped();
        } else {
            metrics.progressed();
        }
        records.forEach((partition, list) -> {
            Line line = lines.computeIfAbsent(partition, p -> new Line());
            for (ConsumerRecord<byte[], byte[]> record : list) {
                if (stop.getCount() == 0 || !take(from, partition, line, record)) {
                    break;
                }
            }
        });
    }

    private void count(UploadReader from) {
        metrics.lag(from.lagRecords());
        long now = clock.millis();
        if (now >= countsAtMs) {
            metrics.openConflicts(rows.openConflicts());
            countsAtMs = now + COUNT_EVERY.toMillis();
        }
    }

    private void resume(UploadReader from) {
        long now = clock.millis();
        lines.forEach((partition, line) -> {
            if (line.waitsUntilMs > 0 && line.waitsUntilMs <= now) {
                line.waitsUntilMs = 0;
                from.resume(partition);
            }
        });
    }

    /** Whether the next record of the topic may be taken. */
    private boolean take(
            UploadReader from, TopicPartition partition, Line line, ConsumerRecord<byte[], byte[]> record) {
        String code = record.topic().substring(options.topics().upload("").length());
        Optional<Upload> whole;
        try {
            byte[] value = record.value();
            if (value == null) {
                throw new IllegalArgumentException("a record without content");
            }
            Upload part = UploadCodec.decode(value);
            if (!part.sender().code().equals(code)) {
                throw new IllegalArgumentException(
                        "it names the outlet " + part.sender().code());
            }
            whole = line.parts.add(part);
        } catch (IllegalArgumentException e) {
            LOG.warn("Record {} of {} is no upload: {}", record.offset(), record.topic(), e.getMessage());
            metrics.refused();
            rows.refuseRecord(code, "record " + record.offset() + " is no upload: " + e.getMessage());
            // Never past parts that wait for the rest: only Kafka has them.
            return line.parts.isWaiting() || committed(from, partition, record.offset() + 1);
        }
        if (line.parts.isWaiting()) {
            line.beginsAt = line.beginsAt < 0 || isFirst(line, record) ? record.offset() : line.beginsAt;
            return true;
        }
        long begin = line.beginsAt < 0 ? record.offset() : line.beginsAt;
        line.beginsAt = -1;
        if (whole.isEmpty()) {
            return committed(from, partition, record.offset() + 1);
        }
        return apply(from, partition, line, new Received(whole.get(), code, begin, record))
                && committed(from, partition, record.offset() + 1);
    }

    /** Whether the gathered parts began with this record. */
    private static boolean isFirst(Line line, ConsumerRecord<byte[], byte[]> record) {
        return line.parts.gathered() == 1 && record.offset() > line.beginsAt;
    }

    private record Received(Upload upload, String code, long begin, ConsumerRecord<byte[], byte[]> last) {}

    private boolean apply(UploadReader from, TopicPartition partition, Line line, Received received) {
        Upload upload = received.upload();
        try {
            long receivedUs = receivedUs(received.last());
            done(upload, rows.apply(upload, receivedUs, Optional.empty()));
            metrics.committed(receivedUs);
            line.failures = 0;
            return true;
        } catch (RuntimeException e) {
            if (e instanceof PassingException passing && passing.isOutage()) {
                throw e;
            }
            line.failures++;
            metrics.failed(String.valueOf(e.getMessage()));
            if (line.failures > options.retries().tries()) {
                setAside(received, e);
                line.failures = 0;
                return true;
            }
            long wait = wait(line.failures);
            LOG.warn("Upload {} of {} is tried again in {} ms: {}", upload.id(), received.code(), wait, e.getMessage());
            line.waitsUntilMs = clock.millis() + wait;
            from.pause(partition, received.begin());
            return false;
        }
    }

    /** Notes an upload in the ledger as not applied; if even that cannot be done, in the audit log. */
    private void setAside(Received received, RuntimeException cause) {
        Upload upload = received.upload();
        LOG.warn("Upload {} of {} is set aside: {}", upload.id(), received.code(), cause.getMessage());
        Refusal busy = new Refusal(
                "busy",
                "The server was too busy with these rows. Send the change again.",
                String.valueOf(cause.getMessage()));
        try {
            done(upload, rows.apply(upload, receivedUs(received.last()), Optional.of(busy)));
        } catch (RuntimeException e) {
            if (e instanceof PassingException passing && passing.isOutage()) {
                throw e;
            }
            LOG.error("Upload {} of {} cannot be noted; it is kept in its topic only", upload.id(), received.code(), e);
            metrics.refused();
            rows.refuseRecord(
                    received.code(),
                    "upload " + upload.id() + " up to record " + received.last().offset() + " cannot be noted: "
                            + e.getMessage());
        }
    }

    private long wait(int failures) {
        long doubled = options.retries().first().toMillis() << Math.min(failures - 1, 20);
        return Math.min(doubled, options.retries().longest().toMillis());
    }

    private void done(Upload upload, Outcome outcome) {
        metrics.applied(outcome);
        LOG.debug("Upload {} of {}: {}", upload.id(), upload.sender().code(), outcome);
        outcome.messages()
                .forEach(message -> LOG.warn("Outlet {}: {}", upload.sender().code(), message));
    }

    private long receivedUs(ConsumerRecord<byte[], byte[]> record) {
        boolean isBrokers = record.timestampType() == TimestampType.LOG_APPEND_TIME;
        return (isBrokers ? record.timestamp() : clock.millis()) * MILLI_US;
    }

    private static boolean committed(UploadReader from, TopicPartition partition, long offset) {
        try {
            from.commit(partition, offset);
            return true;
        } catch (CommitFailedException | RebalanceInProgressException e) {
            // Another instance has the topic now, or will: what it reads again the ledger knows.
            LOG.info("The place in {} was not noted: {}", partition, e.getMessage());
            return true;
        }
    }
}
