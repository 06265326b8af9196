package dev.warung.embedded;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Polls a condition of another process, of which no event can be had. */
final class Await {
    private static final long STEP_NANOS = Duration.ofMillis(20).toNanos();

    private Await() {}

    /** True as soon as the condition holds, false when it did not within the time or the thread was interrupted. */
    static boolean until(Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        return true;
    }
}
