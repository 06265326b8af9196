package dev.warung.capture.publish;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.PositionRecord;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the chain of change ids and commit records, and what of it is durable.
 *
 * <p>Guarantees: ids only grow; the durable position changes only after Kafka has committed (I3).
 *
 * <p>Thread: callers hold this object's monitor; {@link #durable} may be read by any thread.
 */
final class LogWriter implements AutoCloseable {

    private static final long POSITION_INTERVAL_MS = 1000;

    private final KafkaLog log;
    private final TopicMaker topicMaker;
    private final InstantSource clock;
    private final List<CommitRecord.TransactionEnd> ends = new ArrayList<>();
    private volatile DurablePosition durable;
    private @Nullable ChangeId first;
    private ChangeId last;
    private long openedAtNanos;
    private long positionWrittenMs;
    private long commits;

    LogWriter(KafkaLog log, TopicMaker topicMaker, DurablePosition durable, InstantSource clock) {
        this.log = log;
        this.topicMaker = topicMaker;
        this.durable = durable;
        this.last = durable.last();
        this.clock = clock;
    }

    DurablePosition durable() {
        return durable;
    }

    /** The last id appended, durable or not. */
    ChangeId last() {
        return last;
    }

    /** For metrics only. */
    Producer<?, ?> producer() {
        return log.producer();
    }

    void makeTopics(Collection<String> names) {
        topicMaker.makeTableTopics(names);
    }

    void append(String topic, byte @Nullable [] key, byte @Nullable [] value, ChangeId id, int version) {
        advance(id);
        log.append(topic, key, value, id, version);
    }

    /** Takes the end of a PostgreSQL transaction into the open Kafka transaction. */
    void end(CommitRecord.TransactionEnd end) {
        advance(end.id());
        ends.add(end);
    }

    /** Whether nothing waits to be committed. */
    boolean isEmpty() {
        return first == null;
    }

    long records() {
        return log.records();
    }

    long bytes() {
        return log.bytes();
    }

    /** How long the oldest uncommitted record has waited; 0 if there is none. */
    long ageMs() {
        return first == null ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openedAtNanos);
    }

    long commits() {
        return commits;
    }

    /** What a commit changes about the position. */
    record Standing(
            int epoch,
            PositionRecord.State state,
            long epochStart,
            Map<String, Object> offset,
            PositionRecord.Server server) {}

    /**
     * Makes everything appended so far durable.
     *
     * @param stateChanged whether the position record must be written at once
     */
    void commit(CommitRecord.Kind kind, Standing standing, boolean stateChanged) {
        if (first == null) {
            return;
        }
        boolean isNewEpoch = standing.epoch() != durable.epoch();
        Lsn before = isNewEpoch ? Lsn.ZERO : durable.commit();
        Optional<CommitRecord.TransactionEnd> lastEnd =
                ends.isEmpty() ? durable.lastEnd().filter(end -> !isNewEpoch) : Optional.of(ends.get(ends.size() - 1));
        Lsn commit = ends.isEmpty() ? before : ends.get(ends.size() - 1).commit();
        boolean writesPosition = stateChanged || clock.millis() - positionWrittenMs >= POSITION_INTERVAL_MS;
        Function<Map<String, Long>, PositionRecord> position = topicEnds -> new PositionRecord(
                standing.epoch(),
                standing.state(),
                last,
                commit,
                standing.offset(),
                durable.commitsEnd(),
                standing.epochStart(),
                topicEnds,
                standing.server());
        KafkaLog.Committed committed = log.commit(
                new KafkaLog.Commit(kind, durable.last(), first, last, new KafkaLog.Covered(ends, standing.offset())),
                writesPosition ? Optional.of(position) : Optional.empty(),
                isNewEpoch ? Map.of() : durable.ends());
        durable = new DurablePosition(
                standing.epoch(),
                standing.state(),
                last,
                commit,
                lastEnd,
                standing.offset(),
                committed.commitOffset() + 1,
                standing.epochStart(),
                committed.ends(),
                standing.server());
        if (writesPosition) {
            positionWrittenMs = clock.millis();
        }
        first = null;
        ends.clear();
        commits++;
    }

    @Override
    public void close() {
        log.close();
        topicMaker.close();
    }

    private void advance(ChangeId id) {
        if (!id.isAfter(last)) {
            throw new IllegalStateException("change id " + id + " does not follow " + last);
        }
        if (first == null) {
            first = id;
            openedAtNanos = System.nanoTime();
        }
        last = id;
    }
}
