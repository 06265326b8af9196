package dev.warung.stack.retail;

import java.util.concurrent.TimeUnit;

/** Spreads events evenly over time. What was missed for more than a second is not made up for. */
final class Pace {
    private static final long MISSED_MAX_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long intervalNanos;
    private long next = System.nanoTime();

    private Pace(long intervalNanos) {
        this.intervalNanos = intervalNanos;
    }

    static Pace perSecond(double events) {
        return new Pace((long) (TimeUnit.SECONDS.toNanos(1) / events));
    }

    /** Nanoseconds until the next event is due, not above zero when it is; counts the event. */
    long untilNext() {
        long now = System.nanoTime();
        if (now - next > MISSED_MAX_NANOS) {
            next = now;
        }
        long wait = next - now;
        next += intervalNanos;
        return wait;
    }
}
