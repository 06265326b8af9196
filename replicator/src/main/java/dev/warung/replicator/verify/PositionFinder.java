package dev.warung.replicator.verify;

import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.replicator.follow.ApplyGate;
import dev.warung.replicator.follow.Hold;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings both databases to one position: holds the replicator, takes an exported snapshot of PostgreSQL, lets the replicator apply
 * exactly what the snapshot contains, opens a read snapshot of the backup, lets the replicator go on.
 *
 * <p>While PostgreSQL waits for running transactions the snapshot's position still lies ahead of the end of the WAL, so the replicator
 * may go on up to there: it never waits for a long transaction.
 *
 * <p>Thread: the verifying one.
 */
final class PositionFinder {

    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(30);
    private static final int REPORT_TICKS = 8;
    private static final int NUDGE_TICKS = 20;
    private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Changes nothing, but stands in the WAL. */
    private static final String NUDGE = "UPDATE warung.heartbeat SET counter = counter";
    /** No such table, no right, locked, read-only: then capture's own heartbeat must do. */
    private static final Set<String> NO_NUDGE = Set.of("42P01", "3F000", "42703", "42501", "55P03", "25006");

    private final VerifyOptions options;
    private final ApplyGate gate;
    private final Connection observer;
    private final ExecutorService executor;
    private final Consumer<VerifyEvent> listener;

    PositionFinder(
            VerifyOptions options,
            ApplyGate gate,
            Connection observer,
            ExecutorService executor,
            Consumer<VerifyEvent> listener) {
        this.options = options;
        this.gate = gate;
        this.observer = observer;
        this.executor = executor;
        this.listener = listener;
    }

    CommonPosition find() throws SQLException, InterruptedException {
        listener.accept(new VerifyEvent.Phase("hold", "the replicator stops between two transactions"));
        Duration lease = options.snapshotWait().plus(options.catchUpWait()).plus(LEASE_MARGIN);
        try (Hold hold = gate.hold(lease)) {
            return find(hold);
        } catch (TimeoutException | IllegalStateException e) {
            throw new PipelineException(
                    ErrorCode.VERIFY_IMPOSSIBLE, "the backup cannot be held: " + e.getMessage() + ".", e);
        }
    }

    private CommonPosition find(Hold hold) throws SQLException, InterruptedException {
        listener.accept(new VerifyEvent.Phase("snapshot", "PostgreSQL exports a snapshot"));
        String name = "warung_verify_" + UUID.randomUUID().toString().substring(0, 8);
        SnapshotSlot.Created created;
        SourceSnapshot source;
        try (SnapshotSlot slot = SnapshotSlot.begin(options.access(), observer, name, executor)) {
            awaitSlot(slot, hold);
            created = slot.created();
            source = SourceSnapshot.adopt(options.access(), created.snapshot(), observer);
        }
        try {
            Lsn position = created.consistentPoint();
            listener.accept(new VerifyEvent.Phase("catch-up", "the backup applies what lies before " + position));
            return new CommonPosition(position, source, backupAt(position, hold));
        } catch (SQLException | RuntimeException | InterruptedException e) {
            source.close();
            throw e;
        }
    }

    private BackupSnapshot backupAt(Lsn position, Hold hold) throws SQLException, InterruptedException {
        Opening opening = new Opening(options.backup());
        try {
            return catchUp(position, hold, opening);
        } catch (SQLException | RuntimeException | InterruptedException e) {
            opening.abandon();
            throw e;
        }
    }

    private void awaitSlot(SnapshotSlot slot, Hold hold) throws SQLException, InterruptedException {
        long start = System.nanoTime();
        long reported = start;
        while (!slot.awaitCreated(TICK)) {
            Lsn walEnd = SourceSnapshot.walEnd(observer);
            List<BlockingTransaction> blocking = slot.blocking();
            long waited = System.nanoTime() - start;
            if (waited > options.snapshotWait().toNanos()) {
                throw tooLong(blocking);
            }
            if (blocking.isEmpty()) {
                continue;
            }
            if (System.nanoTime() - reported > REPORT_NANOS) {
                reported = System.nanoTime();
                listener.accept(new VerifyEvent.Waiting(
                        blocking,
                        TimeUnit.NANOSECONDS.toMillis(waited),
                        options.snapshotWait().toMillis()));
            }
            if (walEnd.compareTo(hold.commit()) > 0) {
                catchUp(walEnd, hold, () -> true);
            }
        }
    }

    private PipelineException tooLong(List<BlockingTransaction> blocking) {
        String who = blocking.isEmpty()
                ? "no transaction that the role may see"
                : String.join(
                        "; ",
                        blocking.stream().map(BlockingTransaction::describe).toList());
        return new PipelineException(
                ErrorCode.VERIFY_IMPOSSIBLE,
                "PostgreSQL gave no snapshot within " + options.snapshotWait().toSeconds()
                        + " s, because it waits for the end of: " + who + ".");
    }

    /** Waits for the replicator, and wakes up the log, which may be idle: a later transaction shows that all before it has come. */
    private <T> T catchUp(Lsn end, Hold hold, Callable<T> task) throws SQLException, InterruptedException {
        Future<T> future = executor.submit(() -> hold.runBefore(end, task));
        long start = System.nanoTime();
        try {
            for (int tick = 0; ; tick++) {
                if (tick % NUDGE_TICKS == 0) {
                    nudge();
                }
                try {
                    return future.get(TICK.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    if (System.nanoTime() - start > options.catchUpWait().toNanos()) {
                        throw tooFarBehind(end, hold, e);
                    }
                    if (tick % REPORT_TICKS == REPORT_TICKS - 1) {
                        listener.accept(new VerifyEvent.Phase("catch-up", where(end, hold)));
                    }
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PipelineException known) {
                throw known;
            }
            throw new PipelineException(
                    ErrorCode.VERIFY_IMPOSSIBLE, "the backup cannot be compared: " + e.getMessage() + ".", e);
        } finally {
            future.cancel(true);
        }
    }

    private static String where(Lsn end, Hold hold) {
        return "the backup is at " + hold.commit() + ", " + end.bytesSince(hold.commit()) + " bytes of WAL before "
                + end;
    }

    private PipelineException tooFarBehind(Lsn end, Hold hold, TimeoutException cause) {
        return new PipelineException(
                ErrorCode.VERIFY_IMPOSSIBLE,
                where(end, hold) + ", and did not come there within "
                        + options.catchUpWait().toSeconds()
                        + " s: capture or the replicator is behind or stands still; see warung status.",
                cause);
    }

    private void nudge() throws SQLException {
        try (Statement statement = observer.createStatement()) {
            statement.execute("SET lock_timeout = '1s'");
            statement.execute(NUDGE);
        } catch (SQLException e) {
            if (!NO_NUDGE.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
        }
    }

    /** The task that the replicator runs at the position; it may do so after nobody waits for it any more. */
    private static final class Opening implements Callable<BackupSnapshot> {

        private final Path file;
        private @Nullable BackupSnapshot opened;
        private boolean abandoned;

        Opening(Path file) {
            this.file = file;
        }

        @Override
        public synchronized BackupSnapshot call() throws SQLException {
            if (abandoned) {
                throw new CancellationException("nobody waits for the snapshot any more");
            }
            opened = BackupSnapshot.open(file);
            return opened;
        }

        synchronized void abandon() throws SQLException {
            abandoned = true;
            if (opened != null) {
                opened.close();
            }
        }
    }
}
