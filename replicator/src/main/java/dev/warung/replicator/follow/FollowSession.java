package dev.warung.replicator.follow;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.CommitRecord.TransactionEnd;
import dev.warung.core.wire.RowCodec.DecodedRow;
import dev.warung.replicator.backup.BackupReplica;
import dev.warung.replicator.backup.Checkpoint;
import dev.warung.replicator.backup.TableStatus;
import dev.warung.replicator.log.ChangeLogReader;
import dev.warung.replicator.log.LogRecord;
import dev.warung.replicator.log.Step;
import dev.warung.replicator.routing.Router;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Applies the log to the backup until something fails or the replicator stops. A SQLite transaction ends only where a PostgreSQL
 * transaction ends: at once while level, in large batches while behind.
 *
 * <p>Used only by the replicator thread.
 */
final class FollowSession {

    private static final Duration WAIT = Duration.ofMillis(200);
    private static final Duration CHORES_EVERY = Duration.ofSeconds(1);
    private static final Duration SHOW_EVERY = Duration.ofMillis(100);
    private static final long WAL_SHRINK_BYTES = 64L << 20;
    private static final int LATENCIES_MAX = 10_000;

    private final ChangeLogReader reader;
    private final BackupReplica replica;
    private final FollowOptions options;
    private final ReplicatorMetrics metrics;
    private final HoldDesk desk;
    private final String schemaTopic;
    private final @Nullable Router router;

    private Lsn lastCommit;
    private long committedAtUs;
    private long epochStart;
    private long changesTotal;
    private long transactionsTotal;

    /** What others are told: nothing that is not in the file yet. */
    private ReplicatorStatus.Position committed;

    private boolean isBetweenTransactions = true;
    private boolean isDirty;
    private long batchStarted = System.nanoTime();
    private long batchChanges;
    private long batchTransactions;
    private final CommitCost commitCost = new CommitCost();
    private final long[] batchCommittedAtUs = new long[LATENCIES_MAX];
    private int batchLatencies;
    private long lastChores = System.nanoTime();
    private boolean isLevel;
    private boolean hasNewSchema;
    private final Set<String> goneTopics = new HashSet<>();
    private int epoch;
    private long lastShown = System.nanoTime();
    private List<TableStatus> tables;

    FollowSession(ChangeLogReader reader, BackupReplica replica, Checkpoint from, Surroundings surroundings) {
        this.reader = reader;
        this.replica = replica;
        this.options = surroundings.options();
        this.metrics = surroundings.metrics();
        this.desk = surroundings.desk();
        this.schemaTopic = surroundings.schemaTopic();
        this.router = surroundings.router().orElse(null);
        this.lastCommit = from.commit();
        this.committedAtUs = from.committedAtUs();
        this.epochStart = from.epochStart();
        this.epoch = from.log().applied().epoch();
        this.changesTotal = from.totals().changes();
        this.transactionsTotal = from.totals().transactions();
        this.tables = replica.tables();
        this.committed = position();
    }

    /** What the session works with beside the log and the backup. */
    record Surroundings(
            FollowOptions options,
            ReplicatorMetrics metrics,
            HoldDesk desk,
            String schemaTopic,
            Optional<Router> router) {}

    /** Runs until {@code stop}; what is not whole by then is given up and comes again. */
    void run(CountDownLatch stop, Runnable everySecond) throws InterruptedException {
        show(ReplicatorState.FOLLOWING);
        while (stop.getCount() > 0) {
            HoldDesk.Request request = isBetweenTransactions ? desk.wanted().orElse(null) : null;
            if (request != null) {
                standStill(request, stop);
                show(ReplicatorState.FOLLOWING);
            }
            take(reader.next(routePresentRows() ? Duration.ZERO : WAIT));
            if (elapsed(lastChores).compareTo(CHORES_EVERY) > 0) {
                lastChores = System.nanoTime();
                chores();
                everySecond.run();
            }
        }
        if (isBetweenTransactions && isDirty) {
            commit();
        }
    }

    /** Sends a part of the present rows of new shape instances, if there are any and nothing is half done. @return whether more waits */
    private boolean routePresentRows() {
        Router routing = router;
        if (routing == null || isDirty || !isBetweenTransactions || !routing.hasWork()) {
            return false;
        }
        routing.work(reader.position().applied(), lastCommit);
        return routing.hasWork();
    }

    private void take(Step step) {
        if (step instanceof LogRecord record) {
            if (isDirty && isBetweenTransactions && reader.isInUnendedTransaction()) {
                beforeUnended();
            }
            apply(record);
        } else if (step instanceof Step.TransactionEnded ended) {
            endTransaction(ended.end());
            if (desk.wanted().isPresent()) {
                commit();
            }
        } else if (step instanceof Step.CommitRead read) {
            endCommit(read.commit());
        } else if (isBetweenTransactions) {
            if (isDirty) {
                commit();
            }
            level(!reader.isInsideCommit());
        }
    }

    /** What is whole does not wait for the end of a transaction that may be far. */
    private void beforeUnended() {
        if (isFull() || !reader.isNextEndHere()) {
            commit();
        }
    }

    private boolean isFull() {
        Router routing = router;
        if (routing == null) {
            return options.isFull(batchChanges, elapsed(batchStarted), Duration.ZERO);
        }
        // New shapes are filled between two commits only.
        Duration cost = routing.hasWork() ? Duration.ZERO : commitCost.of(routing.topicsWritten());
        return routing.isFull() || options.isFull(batchChanges, elapsed(batchStarted), cost);
    }

    private void apply(LogRecord record) {
        begin();
        isBetweenTransactions = false;
        batchChanges++;
        if (record.topic().equals(schemaTopic)) {
            Set<String> before = new HashSet<>(topics());
            replica.applySchema(record);
            tables = replica.tables();
            before.removeAll(topics());
            goneTopics.addAll(before);
            hasNewSchema = true;
            if (router != null) {
                router.schemaChanged();
            }
        } else {
            applyRow(record);
        }
    }

    private void applyRow(LogRecord record) {
        Router routing = router;
        byte[] value = record.value();
        if (routing == null || value == null || !routing.reads(record)) {
            replica.apply(record);
            return;
        }
        DecodedRow row = replica.decode(record, value);
        routing.change(record, row);
        replica.apply(record, row);
    }

    private void begin() {
        if (!isDirty) {
            isDirty = true;
            batchStarted = System.nanoTime();
        }
    }

    private List<String> topics() {
        return tables.stream().map(t -> t.schema().topic()).toList();
    }

    private void endTransaction(TransactionEnd end) {
        begin();
        isBetweenTransactions = true;
        lastCommit = end.commit();
        committedAtUs = end.committedAtUs();
        if (router != null) {
            router.ended(end);
        }
        batchTransactions++;
        if (batchLatencies < LATENCIES_MAX) {
            batchCommittedAtUs[batchLatencies++] = end.committedAtUs();
        }
    }

    private void endCommit(CommitRecord commit) {
        begin();
        if (commit.first().epoch() > epoch) {
            epoch = commit.first().epoch();
            epochStart = reader.position().commitsOffset() - 1;
        }
        goneTopics.forEach(reader::forget);
        goneTopics.clear();
        if (commit.kind() == CommitRecord.Kind.PART) {
            isBetweenTransactions = false;
            return;
        }
        isBetweenTransactions = true;
        boolean isFull = isFull();
        if (isFull || reader.isLevel()) {
            commit();
            level(!isFull);
        }
    }

    private void commit() {
        long changes = batchChanges;
        replica.commit(checkpoint(changes), reader.topicIds(), commitRouted());
        changesTotal += changes;
        transactionsTotal += batchTransactions;
        metrics.committed(changes, batchTransactions, elapsed(batchStarted), replica.takeMissedDeletes());
        Arrays.stream(batchCommittedAtUs, 0, batchLatencies).forEach(metrics::visible);
        committed = position();
        batchChanges = 0;
        batchTransactions = 0;
        batchLatencies = 0;
        isDirty = false;
        if (hasNewSchema) {
            hasNewSchema = false;
            show(ReplicatorState.FOLLOWING);
        }
    }

    /** @return what the replica has to remember */
    private Optional<ChangeId> commitRouted() {
        Router routing = router;
        if (routing == null) {
            return Optional.empty();
        }
        int topics = routing.topicsWritten();
        long startedAt = System.nanoTime();
        Optional<ChangeId> routed = routing.commit(reader.position().applied());
        commitCost.took(elapsed(startedAt), topics);
        return routed;
    }

    private ReplicatorStatus.Position position() {
        return new ReplicatorStatus.Position(
                reader.position().applied(), lastCommit, committedAtUs, changesTotal, transactionsTotal);
    }

    private Checkpoint checkpoint(long changes) {
        return new Checkpoint(
                reader.position(),
                lastCommit,
                committedAtUs,
                epochStart,
                new Checkpoint.Totals(changesTotal + changes, transactionsTotal + batchTransactions));
    }

    private void level(boolean level) {
        isLevel = level;
        if (level) {
            metrics.progressed();
        }
        if (elapsed(lastShown).compareTo(SHOW_EVERY) > 0) {
            show(ReplicatorState.FOLLOWING);
        }
    }

    private void show(ReplicatorState state) {
        lastShown = System.nanoTime();
        long lag = isLevel ? 0 : reader.lagRecords();
        metrics.show(new ReplicatorStatus(
                state,
                committed,
                new ReplicatorStatus.Lag(isLevel, lag, lag * reader.meanRecordBytes(), replica.walBytes()),
                tables,
                "",
                ""));
    }

    private void chores() {
        replica.checkIdentity();
        if (!isDirty && isBetweenTransactions && router != null) {
            router.chores(reader.position().applied());
        }
        if (!isDirty && replica.walBytes() > WAL_SHRINK_BYTES) {
            replica.shrinkWal();
        }
        if (router != null) {
            metrics.routed(router.status());
        }
        show(ReplicatorState.FOLLOWING);
    }

    private void standStill(HoldDesk.Request request, CountDownLatch stop) throws InterruptedException {
        if (isDirty) {
            commit();
        }
        request.standsAt(reader.position().applied(), lastCommit);
        show(ReplicatorState.HELD);
        while (!request.isOver() && stop.getCount() > 0) {
            HoldDesk.Task task = request.awaitTask();
            if (task != null) {
                runBefore(request, task, stop);
            }
        }
    }

    private void runBefore(HoldDesk.Request request, HoldDesk.Task task, CountDownLatch stop) {
        if (lastCommit.compareTo(task.end()) >= 0) {
            task.result()
                    .completeExceptionally(new IllegalStateException(
                            "the backup holds commit " + lastCommit + " already, which is not before " + task.end()));
            return;
        }
        while (!request.isOver() && stop.getCount() > 0) {
            Lsn next = reader.nextCommit(WAIT).orElse(null);
            if (next != null && next.compareTo(task.end()) >= 0) {
                request.standsAt(reader.position().applied(), lastCommit);
                complete(task);
                return;
            }
            if (next != null) {
                applyOneTransaction(request, stop);
            }
        }
    }

    private void applyOneTransaction(HoldDesk.Request request, CountDownLatch stop) {
        long before = transactionsTotal;
        while (transactionsTotal == before && stop.getCount() > 0 && !request.isOver()) {
            Step step = reader.next(WAIT);
            if (step instanceof LogRecord record) {
                apply(record);
            } else if (step instanceof Step.TransactionEnded ended) {
                endTransaction(ended.end());
                commit();
                request.standsAt(reader.position().applied(), lastCommit);
            } else if (step instanceof Step.CommitRead read && read.commit().kind() == CommitRecord.Kind.PART) {
                isBetweenTransactions = false;
            }
        }
    }

    private static void complete(HoldDesk.Task task) {
        try {
            task.result().complete(task.action().call());
        } catch (Exception e) {
            task.result().completeExceptionally(e);
        }
    }

    private static Duration elapsed(long sinceNanos) {
        return Duration.ofNanos(System.nanoTime() - sinceNanos);
    }
}
