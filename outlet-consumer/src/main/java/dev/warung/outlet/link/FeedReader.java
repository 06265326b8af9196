package dev.warung.outlet.link;

import dev.warung.core.change.ChangeId;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.Headers;
import dev.warung.core.wire.ShapeCodec;
import dev.warung.core.wire.ShapeRecord;
import dev.warung.core.wire.ShapeSchema;
import dev.warung.outlet.replica.Feed;
import dev.warung.outlet.replica.OutletReplica;
import dev.warung.outlet.replica.Staged;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one shape topic into the file.
 *
 * <pre>
 * filling: each record goes into the shadow tables at once; complete at an end mark at or after the goal
 * live, current: whole transactions go into the tables, the rest waits in memory, or staged if it is much
 * live, behind: everything waits until there is an end mark at or after the goal, then goes into the tables in one transaction
 * </pre>
 *
 * <p>Guarantees: what can be seen is the shape at an end mark (I4, I7); change ids of applied records never go back (I5).
 *
 * <p>Used only by the outlet thread.
 */
final class FeedReader {

    private static final Logger LOG = LoggerFactory.getLogger(FeedReader.class);
    private static final int PENDING_BYTES_MAX = 512 << 10;
    private static final byte ROW_KEY = '[';

    private final OutletReplica replica;
    private final ApplyListener listener;
    private final Pending pending = new Pending();
    private Feed feed;
    private @Nullable ShapeCodec codec;

    /** Where to get to before anything may be seen; null if what is whole may be seen. */
    private @Nullable Goal goal;

    private Goal newestGoal;
    /** Whether nothing had been written after the goal when it was asked for again, after it had been reached. */
    private boolean isQuiet;

    private long position;
    private ChangeId newest;
    /** Whether the last record of a filling feed was an end mark. */
    private boolean isAtEnd;

    private boolean isDirty;
    private boolean hasWarned;

    /** Learns what became part of the file. */
    interface ApplyListener {
        /** A PostgreSQL transaction will be visible with the next commit. */
        void ended(ShapeRecord.End end);

        void applied(long records);

        /** A record was older than what was read before, and was passed over. */
        void outdated();
    }

    /**
     * Goes on where the feed stands.
     *
     * @param end where the topic ends now
     * @param freshness what may be believed of the topic after this feed's position
     */
    FeedReader(OutletReplica replica, Feed feed, Goal end, Freshness freshness, ApplyListener listener) {
        this.replica = replica;
        this.listener = listener;
        this.feed = feed;
        this.codec = feed.schema().map(ShapeCodec::new).orElse(null);
        this.newestGoal = end;
        this.goal = feed.isLive() && freshness == Freshness.CURRENT ? null : end;
        this.position = feed.progress().nextOffset();
        this.newest = feed.progress().newest();
        // An end mark has the id of the transaction's end, which no row has: so what was read last is known after a
        // restart too.
        ChangeId lastEnd = feed.progress().end().id();
        this.isAtEnd = !lastEnd.equals(ChangeId.NONE) && lastEnd.equals(newest);
        replica.lastStaged(feed).ifPresent(this::markStaged);
    }

    private void markStaged(Staged last) {
        if (last.key()[0] != ROW_KEY && codec().decode(last.key(), last.value()) instanceof ShapeRecord.End end) {
            pending.ends(new Pending.Mark(end, last.id(), position));
        }
    }

    Feed feed() {
        return feed;
    }

    /** Whether what it reads is out of sight until it has come to where the topic ended. */
    boolean isBehind() {
        return goal != null;
    }

    long position() {
        return position;
    }

    Goal newestGoal() {
        return newestGoal;
    }

    Optional<ShapeSchema.Keep> keep() {
        return feed.schema().map(ShapeSchema::keep);
    }

    /** Takes a record into memory, or into a shadow table. */
    void accept(ConsumerRecord<byte[], byte[]> record) {
        position = record.offset() + 1;
        byte[] key = record.key();
        if (key == null || key.length == 0) {
            throw inconsistent(record, "it has no key", null);
        }
        Staged staged = new Staged(id(record), key, record.value());
        try {
            if (ShapeCodec.isSchemaKey(key)) {
                describe(record);
            } else if (newest.isAfter(staged.id())) {
                passOver(record);
            } else {
                newest = staged.id();
                take(staged);
            }
        } catch (IllegalArgumentException e) {
            throw inconsistent(record, String.valueOf(e.getMessage()), e);
        }
        if (!feed.isLive()) {
            progress(position, newest);
        }
    }

    /** The consumer stands here: what it passed over, such as the marks of Kafka's transactions, counts as read. */
    void positionIs(long offset) {
        position = Math.max(position, offset);
    }

    /** The topic ended here at that time. */
    void ends(Goal end) {
        newestGoal = end;
        Goal wanted = goal;
        isQuiet = wanted != null && position >= wanted.endOffset() && end.endOffset() <= wanted.endOffset();
    }

    /** From now on nothing is seen before the topic's end, as far as it is known, has been reached. */
    void fallBehind() {
        if (goal == null) {
            LOG.info("Topic {}: nothing is shown before offset {}", feed.topic(), newestGoal.endOffset());
            goal = newestGoal;
        }
    }

    /** Puts into the tables what may be seen, and keeps the rest; to be called when everything that was fetched has been accepted. */
    void settle(long nowMs) {
        if (feed.isLive()) {
            settleLive(nowMs);
        }
        Goal wanted = goal;
        if (wanted != null) {
            levelIf(wanted);
        }
        levelIf(newestGoal);
        if (isDirty) {
            replica.save(feed);
            isDirty = false;
        }
        replica.flush(feed);
    }

    /** Makes durable what waits in memory for the end of its transaction, which may be far. */
    void stage() {
        if (!pending.isEmpty()) {
            replica.stage(feed, pending.takeAll());
            progress(position, newest);
        }
    }

    /** Whether everything before an offset can be seen in the tables: what is staged is in the file, but not seen. */
    boolean hasShown(long offset) {
        return feed.isLive()
                && !replica.hasStaged(feed)
                && (feed.progress().nextOffset() >= offset || (position >= offset && pending.isEmpty()));
    }

    /** Whether this feed is being filled and could become visible now. */
    boolean isComplete(long nowMs) {
        Goal wanted = goal;
        return !feed.isLive() && isAtEnd && wanted != null && position >= wanted.endOffset() && isProven(wanted, nowMs);
    }

    /** Whether filling has taken so long that deletes may have been missed. */
    boolean isTooOld(long nowMs) {
        return !feed.isLive()
                && keep().map(k -> Freshness.of(k, feed.progress().startedAtMs(), nowMs) == Freshness.LOST)
                        .orElse(false);
    }

    /** It has become visible. */
    void becameLive(Feed live) {
        feed = live;
        goal = null;
    }

    /** Whether the goal has been reached too late to prove anything, so that it must be asked for again. */
    boolean wantsNewGoal(long nowMs) {
        Goal wanted = goal;
        return wanted != null && position >= wanted.endOffset() && !isProven(wanted, nowMs);
    }

    /** Takes the topic's end, as it was asked for last, as the goal. */
    void renewGoal() {
        if (goal != null && !isQuiet) {
            goal = newestGoal;
        }
    }

    /**
     * Whether no record before the goal can be missing. Compaction takes one only if a later one of the same key has been there for the
     * time for which versions are kept: that one is before the goal too, unless reading took that long.
     */
    private boolean isProven(Goal wanted, long nowMs) {
        long took = nowMs - wanted.atMs();
        return isQuiet
                || (took >= 0
                        && keep().map(k -> took < Freshness.versionsWithinMs(k)).orElse(false));
    }

    private void settleLive(long nowMs) {
        Goal wanted = goal;
        if (wanted != null && isReached(wanted) && isProven(wanted, nowMs)) {
            goal = null;
        }
        if (goal == null) {
            pending.mark().ifPresent(this::applyWhole);
        }
        if (pending.bytes() > PENDING_BYTES_MAX) {
            stage();
        }
    }

    private boolean isReached(Goal wanted) {
        boolean hasNothing = pending.isEmpty() && !replica.hasStaged(feed);
        return pending.mark().map(mark -> mark.offset() >= wanted.endOffset()).orElse(false)
                || (position >= wanted.endOffset() && (hasNothing || pending.isAtMark()));
    }

    private void applyWhole(Pending.Mark mark) {
        long[] applied = {0};
        replica.takeStaged(feed, staged -> {
            apply(staged);
            applied[0]++;
        });
        for (Staged staged : pending.takeWhole()) {
            apply(staged);
            applied[0]++;
        }
        listener.applied(applied[0]);
        feed = feed.with(feed.progress().withEnd(mark.end()));
        if (pending.isEmpty()) {
            progress(position, newest);
        } else {
            progress(mark.offset(), mark.id());
        }
    }

    private void apply(Staged staged) {
        ShapeRecord shapeRecord = codec().decode(staged.key(), staged.value());
        if (shapeRecord instanceof ShapeRecord.End end) {
            listener.ended(end);
        } else {
            replica.apply(feed, staged, shapeRecord);
        }
    }

    private void take(Staged staged) {
        boolean isRow = staged.key()[0] == ROW_KEY;
        if (feed.isLive()) {
            pending.add(staged);
            if (!isRow && codec().decode(staged.key(), staged.value()) instanceof ShapeRecord.End end) {
                pending.ends(new Pending.Mark(end, staged.id(), position));
            }
            return;
        }
        ShapeRecord shapeRecord = codec().decode(staged.key(), staged.value());
        isAtEnd = shapeRecord instanceof ShapeRecord.End;
        if (shapeRecord instanceof ShapeRecord.End end) {
            feed = feed.with(feed.progress().withEnd(end));
        } else {
            replica.apply(feed, staged, shapeRecord);
        }
        listener.applied(1);
    }

    private void describe(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null) {
            throw inconsistent(record, "its description is empty", null);
        }
        ShapeSchema schema = ShapeCodec.decodeSchema(value);
        if (codec == null) {
            feed = replica.describe(feed, schema);
            codec = new ShapeCodec(schema);
        } else if (!codec.schema().equals(schema)) {
            throw inconsistent(record, "a second description differs from the first", null);
        }
    }

    private ShapeCodec codec() {
        ShapeCodec known = codec;
        if (known == null) {
            throw new IllegalArgumentException("no description of the shape stands before it");
        }
        return known;
    }

    /** Everything that was there at that time is durable here. */
    private void levelIf(Goal end) {
        if (pending.isEmpty() && position >= end.endOffset() && feed.progress().levelAtMs() < end.atMs()) {
            progress(position, newest);
            feed = feed.with(feed.progress().withLevelAt(end.atMs()));
        }
    }

    private void progress(long offset, ChangeId newestThere) {
        Feed.Progress now = feed.progress();
        long more = Math.max(0, offset - now.nextOffset());
        feed = feed.with(now.withNext(offset, newestThere, now.records() + more));
        isDirty = true;
    }

    private void passOver(ConsumerRecord<byte[], byte[]> record) {
        if (!hasWarned) {
            hasWarned = true;
            LOG.warn(
                    "{}@{} is older than what was read before ({}), and is passed over",
                    record.topic(),
                    record.offset(),
                    newest);
        }
        listener.outdated();
    }

    private static ChangeId id(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(Headers.ID);
        if (header == null) {
            throw inconsistent(record, "it has no header '" + Headers.ID + "': a foreign writer?", null);
        }
        try {
            return ChangeId.fromBytes(header.value());
        } catch (IllegalArgumentException e) {
            throw inconsistent(record, String.valueOf(e.getMessage()), e);
        }
    }

    private static PipelineException inconsistent(
            ConsumerRecord<byte[], byte[]> record, String why, @Nullable Throwable cause) {
        return new PipelineException(
                ErrorCode.LOG_INCONSISTENT, record.topic() + "@" + record.offset() + ": " + why + ".", cause);
    }
}
