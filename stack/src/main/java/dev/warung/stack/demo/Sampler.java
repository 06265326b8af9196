package dev.warung.stack.demo;

import dev.warung.stack.pipeline.Roles;
import dev.warung.stack.pipeline.Stack;
import dev.warung.stack.retail.Workload;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Asks everybody how it goes. Counting rows costs the server time, so it is done less often when it takes long.
 *
 * <p>Thread: used by the demo's thread only.
 */
final class Sampler implements AutoCloseable {
    private static final long COUNTING_SHARE = 20;

    private final Stack stack;
    private final Roles roles;
    private final Workload workload;
    private final Connection connection;
    private final long started = System.nanoTime();
    private Map<String, TableCounts.Count> tables = new TreeMap<>();
    private long countAgainAt = started;

    Sampler(Stack stack, Roles roles, Workload workload) throws SQLException {
        this.stack = stack;
        this.roles = roles;
        this.workload = workload;
        this.connection = stack.servers().connect();
    }

    Sample sample() {
        if (System.nanoTime() - countAgainAt >= 0) {
            count();
        }
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
        count();
        return sample();
    }

    private void count() {
        long before = System.nanoTime();
        try {
            tables = TableCounts.read(connection, stack.backup());
        } catch (SQLException shownAsOldNumbers) {
            tables = new TreeMap<>(tables);
        }
        long took = System.nanoTime() - before;
        countAgainAt = System.nanoTime() + Math.max(TimeUnit.SECONDS.toNanos(1), took * COUNTING_SHARE);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
