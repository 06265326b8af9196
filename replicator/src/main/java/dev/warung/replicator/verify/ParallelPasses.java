package dev.warung.replicator.verify;

import dev.warung.replicator.verify.TableComparison.Pass;
import java.sql.SQLException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Reads both sides of a table on two threads and tells the progress on the calling one. */
final class ParallelPasses implements TableComparison.BothSides {

    private static final long TICK_MS = 500;
    private static final long CANCEL_SECONDS = 30;

    private final ExecutorService executor;
    private final Progress progress;
    private volatile boolean cancelled;

    ParallelPasses(ExecutorService executor, Progress progress) {
        this.executor = executor;
        this.progress = progress;
    }

    /** Hears every second how far the passes are. */
    interface Progress {

        void at(long sourceRows, long backupRows);
    }

    @Override
    public void run(Pass source, Pass backup) throws SQLException, InterruptedException {
        AtomicLong sourceRows = new AtomicLong();
        AtomicLong backupRows = new AtomicLong();
        Future<?> first = submit(source, sourceRows);
        Future<?> second = submit(backup, backupRows);
        boolean done = false;
        try {
            while (!done) {
                boolean firstDone =
                        isDone(first); // both are asked each time, so that a failure of either ends the other
                done = isDone(second) && firstDone;
                if (!done) {
                    progress.at(sourceRows.get(), backupRows.get());
                }
            }
        } finally {
            if (!done) {
                stop(source, first);
                stop(backup, second);
            }
        }
    }

    private Future<?> submit(Pass pass, AtomicLong rows) {
        return executor.submit(() -> {
            pass.scan().each(row -> {
                if (cancelled) {
                    throw new CancellationException("the other side failed, or nobody listens");
                }
                pass.visitor().row(row);
                rows.lazySet(rows.get() + 1);
            });
            return true;
        });
    }

    private static boolean isDone(Future<?> future) throws SQLException, InterruptedException {
        try {
            future.get(TICK_MS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw new IllegalStateException("reading failed: " + e.getMessage(), e);
        }
    }

    /** The connections are closed next, so the thread must have left them. */
    private void stop(Pass pass, Future<?> future) {
        if (future.isDone()) {
            return;
        }
        cancelled = true;
        pass.scan().cancel();
        try {
            future.get(CANCEL_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // Cancelled, as asked; the exception that led here says more.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
