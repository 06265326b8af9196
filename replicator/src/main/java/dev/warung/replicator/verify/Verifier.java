package dev.warung.replicator.verify;

import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.replicator.follow.ApplyGate;
import dev.warung.replicator.verify.Round.Outcome;
import dev.warung.replicator.verify.Round.Selection;
import dev.warung.replicator.verify.TableResult.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Compares PostgreSQL and the backup at one commit position, while writes go on in both.
 *
 * <p>Guarantees: both sides are read at the same position, so a difference is one; nothing stays behind in PostgreSQL (no slot, no
 * lock), however it ends; the replicator is held for moments only.
 *
 * <p>Thread: any; one verification at a time.
 */
public final class Verifier {

    /** A table that is truncated, rewritten or altered under the comparison is compared again, at a later position. */
    private static final int ROUNDS_MAX = 4;

    /** Grows with each round; together longer than capture takes to learn of DDL by itself. */
    private static final long PAUSE_MS = 2000;

    private final VerifyOptions options;
    private final ApplyGate gate;
    private final BackupCatalog catalog;
    private final InstantSource clock;
    private final AtomicBoolean running = new AtomicBoolean();

    public Verifier(VerifyOptions options, ApplyGate gate, BackupCatalog catalog, InstantSource clock) {
        this.options = options;
        this.gate = gate;
        this.catalog = catalog;
        this.clock = clock;
    }

    /** Thrown when a verification runs already. */
    public static final class BusyException extends IllegalStateException {
        BusyException() {
            super("a verification is running; wait for its end");
        }
    }

    /**
     * Compares all tables, or one.
     *
     * @param table name of the one, with its schema unless that is public
     * @param listener hears of the progress on the calling thread; what it throws ends the verification
     * @throws BusyException if a verification runs already
     * @throws PipelineException VERIFY_IMPOSSIBLE, or another code, if the comparison could not be made
     */
    public VerifyReport verify(Optional<String> table, Consumer<VerifyEvent> listener) throws InterruptedException {
        if (!running.compareAndSet(false, true)) {
            throw new BusyException();
        }
        ExecutorService executor = Executors.newFixedThreadPool(2, Verifier::daemon);
        try {
            return rounds(table, listener, executor);
        } catch (SQLException e) {
            throw new PipelineException(ErrorCode.VERIFY_IMPOSSIBLE, "a database failed: " + e.getMessage() + ".", e);
        } finally {
            executor.shutdownNow();
            running.set(false);
        }
    }

    private VerifyReport rounds(Optional<String> table, Consumer<VerifyEvent> listener, ExecutorService executor)
            throws SQLException, InterruptedException {
        long start = clock.millis();
        List<TableResult> results = new ArrayList<>();
        Map<Long, TableResult> moved = Map.of();
        Lsn position = Lsn.ZERO;
        try (Connection observer = options.access().open()) {
            String publication = SourceSnapshot.publication(observer, options.publication());
            Selection selection = named(table);
            for (int round = 1; round == 1 || (round <= ROUNDS_MAX && !moved.isEmpty()); round++) {
                try (CommonPosition common = new PositionFinder(options, gate, observer, executor, listener).find()) {
                    position = common.position();
                    Outcome outcome = new Round(options.access(), catalog, observer, executor, listener)
                            .compare(common, selection, publication);
                    results.addAll(outcome.results());
                    moved = outcome.moved();
                }
                if (round < ROUNDS_MAX && moved.values().stream().anyMatch(r -> r.verdict() == Verdict.DIFFERENT)) {
                    pause(round * PAUSE_MS, moved.size(), listener);
                }
                Set<Long> again = Set.copyOf(moved.keySet());
                selection = (id, oid) -> again.contains(oid);
            }
        }
        for (TableResult unsettled : moved.values()) {
            results.add(unsettled);
            listener.accept(new VerifyEvent.Table(unsettled));
        }
        if (table.isPresent() && results.isEmpty()) {
            throw new PipelineException(
                    ErrorCode.VERIFY_IMPOSSIBLE, "neither PostgreSQL nor the backup has a table " + table.get() + ".");
        }
        VerifyReport report = VerifyReport.of(results, position.toString(), clock.instant(), clock.millis() - start);
        listener.accept(new VerifyEvent.Summary(report));
        return report;
    }

    private static void pause(long pauseMs, int tables, Consumer<VerifyEvent> listener) throws InterruptedException {
        listener.accept(new VerifyEvent.Phase(
                "wait", tables + " tables are not described alike on both sides; once more in " + pauseMs + " ms"));
        new CountDownLatch(1).await(pauseMs, TimeUnit.MILLISECONDS);
    }

    private static Selection named(Optional<String> table) {
        return (id, oid) -> table.isEmpty() || isNamed(id, table.get());
    }

    private static boolean isNamed(TableId id, String name) {
        return id.toString().equals(name) || id.replicaName().equals(name);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "verify");
        thread.setDaemon(true);
        return thread;
    }
}
