package dev.warung.stack.demo;

import dev.warung.stack.pipeline.Roles;
import dev.warung.stack.pipeline.Stack;
import dev.warung.stack.retail.Workload;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks everybody how it goes. Rows are counted on a thread of their own, because a count waits for locks and costs the server time: the
 * longer it takes, the less often it is done.
 *
 * <p>Thread: {@link #sample} and {@link #last} by the demo's thread only.
 */
final class Sampler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);
    private static final long COUNTING_SHARE = 5;
    private static final long PAUSE_MIN_MS = 1_000;
    private static final long PAUSE_MAX_MS = 15_000;

    private final Stack stack;
    private final Roles roles;
    private final Workload workload;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final long started = System.nanoTime();
    private volatile Map<String, TableCounts.Count> tables = Map.of();

    Sampler(Stack stack, Roles roles, Workload workload) {
        this.stack = stack;
        this.roles = roles;
        this.workload = workload;
        Thread counting = new Thread(this::keepCounting, "counting");
        counting.setDaemon(true);
        counting.start();
    }

    Sample sample() {
        double seconds = (System.nanoTime() - started) / (double) TimeUnit.SECONDS.toNanos(1);
        return new Sample(
                seconds,
                workload.counts(),
                new RoleView(roles.capture().status()),
                new RoleView(roles.replicator().status()),
                tables);
    }

    /** With fresh counts. */
    Sample last() {
        closed.countDown();
        count();
        return sample();
    }

    private void keepCounting() {
        long pauseMs = 0;
        try {
            while (!closed.await(pauseMs, TimeUnit.MILLISECONDS)) {
                long before = System.nanoTime();
                count();
                long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
                pauseMs = Math.min(PAUSE_MAX_MS, Math.max(PAUSE_MIN_MS, tookMs * COUNTING_SHARE));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Keeps the old numbers when a database cannot be asked now. */
    private void count() {
        try (Connection connection = stack.servers().connect()) {
            tables = TableCounts.read(connection, stack.backup());
        } catch (SQLException e) {
            LOG.debug("rows could not be counted", e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
