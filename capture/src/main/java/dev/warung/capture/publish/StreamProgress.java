package dev.warung.capture.publish;

import dev.warung.core.change.Lsn;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What capture has done since it was started, for status and metrics. Thread: any may read. */
public final class StreamProgress {

    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong copied = new AtomicLong();
    private final AtomicLong kafkaTransactions = new AtomicLong();
    private final AtomicLong replayed = new AtomicLong();
    private final AtomicLong batches = new AtomicLong();
    private final AtomicLong events = new AtomicLong();
    private volatile long lastRowMs;
    private volatile @Nullable End lastEnd;
    private volatile @Nullable Beat beat;
    private volatile @Nullable DurablePosition durable;
    private volatile long durableAtMs;

    /** The newest transaction that was read. */
    public record End(Lsn commit, long committedAtUs) {}

    /** The newest heartbeat that was read: its counter, and when PostgreSQL committed it. */
    public record Beat(long counter, long commitMs) {}

    void batch(int size) {
        batches.incrementAndGet();
        events.addAndGet(size);
    }

    void row(long commitMs) {
        rows.incrementAndGet();
        lastRowMs = commitMs;
    }

    void copied(int size) {
        copied.addAndGet(size);
    }

    void replayed() {
        replayed.incrementAndGet();
    }

    void end(Lsn commit, long committedAtUs) {
        lastEnd = new End(commit, committedAtUs);
    }

    void heartbeat(long counter, long commitMs) {
        beat = new Beat(counter, commitMs);
    }

    void committed(DurablePosition position, long nowMs) {
        durable = position;
        durableAtMs = nowMs;
        kafkaTransactions.incrementAndGet();
    }

    /** Row events written, replays not counted. */
    public long rows() {
        return rows.get();
    }

    /** Rows of initial copies. */
    public long copiedRows() {
        return copied.get();
    }

    public long kafkaTransactions() {
        return kafkaTransactions.get();
    }

    /** Row events that were in the log already. */
    public long replayedRows() {
        return replayed.get();
    }

    public long batches() {
        return batches.get();
    }

    public long events() {
        return events.get();
    }

    public Optional<End> lastEnd() {
        return Optional.ofNullable(lastEnd);
    }

    public Optional<Beat> beat() {
        return Optional.ofNullable(beat);
    }

    /** The durable position after the newest Kafka transaction of this run. */
    public Optional<DurablePosition> durable() {
        return Optional.ofNullable(durable);
    }

    /** When the newest Kafka transaction of this run was committed, milliseconds since 1970; 0 if there was none. */
    public long durableAtMs() {
        return durableAtMs;
    }

    /** When PostgreSQL committed the newest row that was written, milliseconds since 1970. */
    public long lastRowMs() {
        return lastRowMs;
    }
}
