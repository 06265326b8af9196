package dev.warung.replicator.outlets;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at all outlets every few seconds, or less often if looking at so many takes long. A failure leaves the picture as it was and is told with it: the monitor stops nobody's work.
 *
 * <p>Thread: one of its own reads; any may ask.
 */
public final class OutletMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OutletMonitor.class);

    /** A look may take a tenth of the time: the brokers work as long as it lasts. */
    private static final int PAUSE_TO_LOOK = 9;

    private final Supplier<OutletLagReader> readers;
    private final Duration interval;
    private final Consumer<List<OutletLag>> each;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "outlet-monitor");
    private volatile Picture picture = new Picture(List.of(), "");

    /**
     * What was seen last.
     *
     * @param lags by code
     * @param failure why nothing newer is known; empty text if it is new
     */
    public record Picture(List<OutletLag> lags, String failure) {
        public Picture {
            lags = List.copyOf(lags);
        }
    }

    private OutletMonitor(Supplier<OutletLagReader> readers, Duration interval, Consumer<List<OutletLag>> each) {
        this.readers = readers;
        this.interval = interval;
        this.each = each;
        thread.setDaemon(true);
    }

    /**
     * @param readers makes a reader; another one after a failure
     * @param interval the shortest time between two looks
     * @param each is given what was seen, for metrics
     */
    public static OutletMonitor start(
            Supplier<OutletLagReader> readers, Duration interval, Consumer<List<OutletLag>> each) {
        OutletMonitor monitor = new OutletMonitor(readers, interval, each);
        monitor.thread.start();
        return monitor;
    }

    public Picture picture() {
        return picture;
    }

    private void run() {
        try {
            do {
                watch();
            } while (!stopped.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until it fails, or is stopped. */
    private void watch() throws InterruptedException {
        try (OutletLagReader reader = readers.get()) {
            long pauseNanos;
            do {
                long lookedAt = System.nanoTime();
                List<OutletLag> lags = reader.readAll();
                picture = new Picture(lags, "");
                each.accept(lags);
                pauseNanos = Math.max(interval.toNanos(), PAUSE_TO_LOOK * (System.nanoTime() - lookedAt));
            } while (!stopped.await(pauseNanos, TimeUnit.NANOSECONDS));
        } catch (RuntimeException e) {
            // Whatever it is, a malformed record too: the next try has a new reader.
            boolean isFirst = picture.failure().isEmpty() && stopped.getCount() > 0;
            if (isFirst) {
                LOG.warn("The outlets' lag is not known for now: {}", e.toString());
            }
            picture = new Picture(picture.lags(), e.toString());
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        thread.interrupt();
    }
}
