package dev.warung.replicator.log;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.CommitRecord.Extent;
import dev.warung.core.wire.CommitRecord.TransactionEnd;
import dev.warung.replicator.log.ReaderOptions.Coverage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows the commits topic and yields what each commit record covers, merged over all topics by change id.
 *
 * <p>Guarantees: ids grow; nothing at or before the applied position is yielded; a missing record, a gap in the chain of commit records
 * or a topic that was created anew is an exception, never a silent end.
 *
 * <p>Thread: used only by the thread that created it.
 */
public final class ChangeLogReader {

    private final ReaderOptions options;
    private final FetchBuffers fetched;
    private final TopicGuard guard;

    private ChangeId chain;
    private ChangeId applied;
    /** Until the first commit record has been seen, its {@code previous} may lie before our position. */
    private boolean isPlaced;

    private long commitsOffset;
    private @Nullable OpenCommit open;
    private boolean sawHole;
    private final Map<String, Long> ends = new HashMap<>();

    /**
     * @param consumer read_committed, without automatic reset; owned by the caller
     * @param knownTopicIds topic ids stored with the position
     * @throws ResyncNeededException if the log does not hold the position any more
     */
    public ChangeLogReader(
            Consumer<byte[], byte[]> consumer,
            TopicIds topicIds,
            ReaderOptions options,
            LogPosition from,
            Map<String, String> knownTopicIds) {
        this.options = options;
        this.guard = new TopicGuard(topicIds, knownTopicIds);
        String commits = options.topics().commits();
        CommitFinder.Place place = new CommitFinder(consumer, commits).find(from);
        this.commitsOffset = place.offset();
        this.isPlaced = place.isExact();
        this.chain = from.chain();
        this.applied = from.applied();
        if (isPlaced) {
            this.ends.putAll(from.ends());
        }
        this.fetched = new FetchBuffers(consumer, commits, options.bufferBytesMax());
        fetched.assignCommits(commitsOffset);
        fetched.assign(from.ends());
        List<String> used = new ArrayList<>(from.ends().keySet());
        used.add(commits);
        guard.learn(used);
    }

    /** The next step; {@link Step.Idle} if it does not come within {@code wait}. */
    public Step next(Duration wait) {
        guard.checkSometimes();
        while (true) {
            OpenCommit commit = open == null ? openNext(wait) : open;
            if (commit == null || !await(commit, wait)) {
                return Step.Idle.IDLE;
            }
            Step step = step(commit);
            if (step != null) {
                return step;
            }
        }
    }

    /** Whether nothing waits to be yielded, or to be fetched as far as is known; asks Kafka once, without waiting. */
    public boolean isLevel() {
        return open == null
                && !fetched.hasCommit()
                && !(fetched.poll(Duration.ZERO) && fetched.hasCommit())
                && !fetched.knowsOfMoreCommits();
    }

    /**
     * The commit LSN of the next transaction that ends after the position, reading ahead in the commits topic for it.
     *
     * @return empty if none shows up within {@code wait}
     */
    public Optional<Lsn> nextCommit(Duration wait) {
        OpenCommit commit = open;
        TransactionEnd pending = commit == null ? null : nextAfterApplied(commit);
        if (pending != null) {
            return Optional.of(pending.commit());
        }
        Optional<Lsn> found = fetched.firstQueuedEnd(applied);
        if (found.isEmpty()) {
            fetched.poll(wait);
            found = fetched.firstQueuedEnd(applied);
        }
        return found;
    }

    /** Where to start again if all that was yielded up to the last end of a transaction has been applied. */
    public LogPosition position() {
        return new LogPosition(commitsOffset, chain, applied, ends);
    }

    /** Whether a commit record has been begun and more of it is to come. */
    public boolean isInsideCommit() {
        return open != null;
    }

    /** Whether what was yielded last belongs to a transaction that does not end in the commit record being read. */
    public boolean isInUnendedTransaction() {
        OpenCommit commit = open;
        return commit != null && commit.commit().kind() == CommitRecord.Kind.PART && commit.pendingEnd() == null;
    }

    /** Whether the end of a transaction that is not ended has been fetched already; asks Kafka once, without waiting. */
    public boolean isNextEndHere() {
        OpenCommit commit = open;
        ChangeId after = commit == null ? applied : commit.commit().last();
        if (fetched.firstQueuedEnd(after).isPresent()) {
            return true;
        }
        fetched.poll(Duration.ZERO, commit == null ? List.of() : commit.sources());
        return fetched.firstQueuedEnd(after).isPresent();
    }

    /** Everything in the commits topic below this offset has been yielded; control records count as yielded. */
    public long readTo() {
        return open == null ? fetched.commitsReadTo() : commitsOffset;
    }

    /** Whether records were missing since the last call; only under {@link Coverage#COMPACTED}. */
    public boolean takeHole() {
        boolean hole = sawHole;
        sawHole = false;
        return hole;
    }

    /** Stops reading a topic that no table uses any more. */
    public void forget(String topic) {
        fetched.forget(topic);
        guard.forget(topic);
        ends.remove(topic);
    }

    public Map<String, String> topicIds() {
        return guard.known();
    }

    /** Log records fetched or known to Kafka's client as not yet fetched. */
    public long lagRecords() {
        return fetched.lagRecords();
    }

    /** Mean size of the records fetched so far. */
    public long meanRecordBytes() {
        return fetched.meanRecordBytes();
    }

    /** Null if what comes next has not been fetched. */
    private @Nullable Step step(OpenCommit commit) {
        while (true) {
            LogRecord next = commit.peek();
            TransactionEnd end = commit.pendingEnd();
            if (end != null && (next == null || next.id().isAfter(end.id()))) {
                commit.passEnd();
                if (end.id().isAfter(applied)) {
                    applied = end.id();
                    return new Step.TransactionEnded(end);
                }
            } else if (next == null) {
                return close(commit);
            } else {
                commit.take();
                if (next.id().isAfter(applied)) {
                    checkBelongs(next, commit);
                    return next;
                }
            }
            if (commit.awaited() != null) {
                return null;
            }
        }
    }

    private Step close(OpenCommit commit) {
        open = null;
        chain = commit.commit().last();
        if (commit.commit().kind() != CommitRecord.Kind.PART && chain.isAfter(applied)) {
            applied = chain;
        }
        commitsOffset = commit.offset() + 1;
        commit.commit().topics().forEach((topic, extent) -> ends.put(topic, extent.endOffset()));
        return new Step.CommitRead(commit.commit());
    }

    private @Nullable OpenCommit openNext(Duration wait) {
        if (!fetched.hasCommit()) {
            fetched.poll(wait);
        }
        FetchBuffers.Queued queued = fetched.takeCommit();
        if (queued == null) {
            return null;
        }
        checkChain(queued);
        List<PartitionBuffer> sources = new ArrayList<>();
        queued.commit().topics().forEach((topic, extent) -> {
            if (extent.count() > 0) {
                sources.add(source(topic, extent));
            }
        });
        guard.learn(queued.commit().topics().keySet());
        guard.progressed();
        open = new OpenCommit(queued.commit(), queued.offset(), sources);
        return open;
    }

    /** Capture is the only writer, so the records of one Kafka transaction are contiguous: the extent says where they start. */
    private PartitionBuffer source(String topic, Extent extent) {
        long start = extent.endOffset() - extent.count();
        PartitionBuffer buffer = fetched.buffer(topic, start);
        if (options.coverage() == Coverage.EXACT) {
            if (start < ends.getOrDefault(topic, 0L)) {
                throw new ResyncNeededException("topic " + topic + " was read up to " + ends.get(topic)
                        + ", but the next commit record covers it from " + start);
            }
            if (buffer.floor() > start) {
                fetched.restart(buffer, start);
            }
            buffer.raiseFloor(start);
            buffer.need(extent.endOffset(), extent.count());
        } else {
            long already = Math.max(0, buffer.floor() - start);
            buffer.need(extent.endOffset(), Math.max(0, extent.count() - already));
        }
        return buffer;
    }

    private boolean await(OpenCommit commit, Duration wait) {
        PartitionBuffer awaited = commit.awaited();
        while (awaited != null) {
            if (isExhausted(awaited)) {
                hole(awaited);
            } else if (fetched.poll(wait, commit.sources()) || isExhausted(awaited)) {
                guard.progressed();
            } else {
                guard.stalled(awaited, fetched);
                return false;
            }
            awaited = commit.awaited();
        }
        return true;
    }

    private boolean isExhausted(PartitionBuffer buffer) {
        return buffer.isPastNeed() || (buffer.isEmpty() && fetched.position(buffer) >= buffer.needEnd());
    }

    private void hole(PartitionBuffer buffer) {
        if (options.coverage() == Coverage.EXACT) {
            throw new ResyncNeededException("topic " + buffer.topic() + " lacks " + buffer.needCount()
                    + " records below offset " + buffer.needEnd() + ": compaction removed them");
        }
        sawHole = true;
        buffer.need(buffer.needEnd(), 0);
    }

    private void checkChain(FetchBuffers.Queued queued) {
        CommitRecord commit = queued.commit();
        boolean follows = isPlaced
                ? commit.previous().equals(chain)
                : !commit.previous().isAfter(applied) || applied.equals(ChangeId.NONE);
        if (follows) {
            isPlaced = true;
            return;
        }
        if (commit.last().epoch() < chain.epoch()) {
            throw new ResyncNeededException("the log went back from epoch " + chain.epoch() + " to "
                    + commit.last().epoch());
        }
        throw new PipelineException(
                ErrorCode.LOG_INCONSISTENT,
                options.topics().commits() + "@" + queued.offset() + " follows " + commit.previous() + ", but " + chain
                        + " is what was read before: commit records are missing.");
    }

    private void checkBelongs(LogRecord next, OpenCommit open) {
        CommitRecord commit = open.commit();
        if (next.id().isAfter(commit.last()) || commit.first().isAfter(next.id())) {
            throw new PipelineException(
                    ErrorCode.LOG_INCONSISTENT,
                    next.place() + " has change id " + next.id() + ", but its commit record "
                            + options.topics().commits() + "@" + open.offset() + " covers " + commit.first() + " to "
                            + commit.last() + ".");
        }
    }

    private @Nullable TransactionEnd nextAfterApplied(OpenCommit commit) {
        for (TransactionEnd end : commit.commit().ends()) {
            if (end.id().isAfter(applied)) {
                return end;
            }
        }
        return null;
    }
}
