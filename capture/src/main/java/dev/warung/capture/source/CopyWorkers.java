package dev.warung.capture.source;

import dev.warung.capture.copy.CopySink;
import dev.warung.core.runtime.PipelineException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads ranges with several sessions; the first failure ends all of them. */
final class CopyWorkers {

    private static final Logger LOG = LoggerFactory.getLogger(CopyWorkers.class);
    private static final int STOP_SECONDS = 30;

    private final Sessions sessions;
    private final SnapshotCopyOptions.Reading reading;
    private final CopyProgress progress;

    /** Opens a session that sees the snapshot. */
    @FunctionalInterface
    interface Sessions {
        Connection open() throws SQLException;
    }

    CopyWorkers(Sessions sessions, SnapshotCopyOptions.Reading reading, CopyProgress progress) {
        this.sessions = sessions;
        this.reading = reading;
        this.progress = progress;
    }

    void run(List<CopyRange> ranges, CopySink sink) throws InterruptedException {
        Queue<CopyRange> queue = new ConcurrentLinkedQueue<>(ranges);
        int workers = Math.max(1, Math.min(reading.workers(), ranges.size()));
        ExecutorService pool = Executors.newFixedThreadPool(workers, task -> {
            Thread thread = new Thread(task, "initial-copy");
            thread.setDaemon(true);
            return thread;
        });
        try {
            ExecutorCompletionService<Boolean> service = new ExecutorCompletionService<>(pool);
            List<Future<Boolean>> futures = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                futures.add(service.submit(() -> work(queue, sink)));
            }
            for (int i = 0; i < futures.size(); i++) {
                service.take().get();
            }
        } catch (ExecutionException e) {
            throw unwrap(e);
        } finally {
            queue.clear();
            pool.shutdownNow();
            if (!pool.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a session of the initial copy does not end; it is left to itself");
            }
        }
    }

    private boolean work(Queue<CopyRange> queue, CopySink sink) throws SQLException, InterruptedException {
        try (Connection connection = sessions.open()) {
            RangeReader reader = new RangeReader(connection, reading.rowBytesMax(), sink, progress);
            for (CopyRange range = queue.poll(); range != null; range = queue.poll()) {
                reader.read(range);
            }
            return true;
        }
    }

    private static RuntimeException unwrap(ExecutionException e) throws InterruptedException {
        Throwable cause = e.getCause();
        if (cause instanceof SQLException sql) {
            return SnapshotCopy.failure("the initial copy failed", sql);
        }
        if (cause instanceof InterruptedException) {
            throw new InterruptedException("the initial copy was interrupted");
        }
        return cause instanceof PipelineException failure ? failure : new IllegalStateException(cause);
    }
}
