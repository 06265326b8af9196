package dev.warung.core.runtime;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: doubles from {@code first} to {@code longest}, with up to a quarter of it at random so
 * that many processes do not come back at once.
 *
 * <p>Thread: one.
 */
public final class Backoff {

    private static final double JITTER = 0.25;

    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private int failures;

    public Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
    }

    /** With jitter that cannot be replayed. */
    public static Backoff between(Duration first, Duration longest) {
        return new Backoff(first, longest, new SplittableRandom());
    }

    /** The wait after one more failure. */
    public Duration next() {
        long wait = first.toMillis() << Math.min(failures, 20);
        failures++;
        long bounded = Math.min(Math.max(wait, first.toMillis()), longest.toMillis());
        return Duration.ofMillis(bounded + (long) (bounded * JITTER * random.nextDouble()));
    }

    public int failures() {
        return failures;
    }

    /** To be called when something succeeded. */
    public void reset() {
        failures = 0;
    }

    /** Waits for the next try; returns true if {@code stop} came first. */
    public boolean awaitNext(CountDownLatch stop) throws InterruptedException {
        return stop.await(next().toMillis(), TimeUnit.MILLISECONDS);
    }
}
