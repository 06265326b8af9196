package dev.warung.bench.measure;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition of another process, of which no event can be had. */
public final class Wait {
    private static final long STEP_NANOS = Duration.ofMillis(5).toNanos();

    private Wait() {}

    /** @throws BenchException if the condition does not hold in time, or the thread is interrupted */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new BenchException("interrupted while waiting for " + what);
            }
            if (System.nanoTime() - end >= 0) {
                throw new BenchException("waited " + limit.toSeconds() + " s in vain for " + what);
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    /** Returns when the thread has ended, or at once when this one is interrupted. */
    public static void forEnd(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets a time pass in which something is measured. @throws BenchException if the thread is interrupted */
    public static void during(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        until("the end of a measurement", time.plusMinutes(1), () -> System.nanoTime() - end >= 0);
    }
}
