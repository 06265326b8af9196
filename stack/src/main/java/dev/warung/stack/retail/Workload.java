package dev.warung.stack.retail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Shops at work: a few threads, each with its own connection, that together perform a given number of transactions a second.
 *
 * <p>A lost connection is opened again; a transaction that fails is rolled back and counted.
 */
public final class Workload implements AutoCloseable {
    /**
     * How the shops work.
     *
     * @param rate transactions a second, all shops together
     * @param seed of the shops' choices
     */
    public record Options(String jdbcUrl, int rate, int shops, long seed) {
        public Options {
            if (rate < 1 || shops < 1) {
                throw new IllegalArgumentException("rate and shops must be at least 1");
            }
        }
    }

    /** What was done so far. */
    public record Counts(long committed, long rolledBack, long failed) {}

    static final Duration MIGRATION_AFTER = Duration.ofSeconds(15);
    static final Duration IMPORT_EVERY = Duration.ofSeconds(20);

    private final Options options;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final LongAdder committed = new LongAdder();
    private final LongAdder rolledBack = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final List<Thread> threads = new ArrayList<>();
    private volatile @Nullable String lastFailure;

    public Workload(Options options) {
        this.options = options;
    }

    public void start() {
        int shops = Math.min(options.shops(), options.rate());
        for (int i = 0; i < shops; i++) {
            Pace pace = Pace.perSecond((double) options.rate() / shops);
            ShopThread shop = new ShopThread(this, pace, new Random(options.seed() + i), i == 0);
            Thread thread = new Thread(shop, "shop-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    /** Returns when every shop has finished its transaction. */
    public void stop() {
        stop.countDown();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void close() {
        stop();
    }

    public Counts counts() {
        return new Counts(committed.sum(), rolledBack.sum(), failed.sum());
    }

    /** The message of the last transaction that failed. */
    public @Nullable String lastFailure() {
        return lastFailure;
    }

    String jdbcUrl() {
        return options.jdbcUrl();
    }

    boolean isStopped() {
        return stop.getCount() == 0;
    }

    /** Waits that long, or until the workload is stopped. */
    void pause(long nanos) {
        try {
            if (stop.await(Math.max(nanos, 0), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop.countDown();
        }
    }

    void countCommit() {
        committed.increment();
    }

    void countRollback() {
        rolledBack.increment();
    }

    void countFailure(String message) {
        failed.increment();
        lastFailure = message;
    }
}
