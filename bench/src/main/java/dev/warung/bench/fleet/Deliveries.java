package dev.warung.bench.fleet;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What has reached the light outlets, and when. Thread: any. */
final class Deliveries {

    private final List<Long> latenciesUs = new ArrayList<>();
    private final Map<String, Long> newestUs = new HashMap<>();
    private final AtomicLong lost = new AtomicLong();
    private long awaitedUs = Long.MAX_VALUE;
    private final List<Long> caughtUpAtUs = new ArrayList<>();

    /** @param committedAtUs when PostgreSQL committed what has arrived; microseconds since 1970 */
    synchronized void add(String outlet, long committedAtUs, Instant now) {
        long nowUs = ChronoUnit.MICROS.between(Instant.EPOCH, now);
        latenciesUs.add(nowUs - committedAtUs);
        long before = newestUs.getOrDefault(outlet, 0L);
        newestUs.put(outlet, Math.max(before, committedAtUs));
        if (before < awaitedUs && committedAtUs >= awaitedUs) {
            caughtUpAtUs.add(nowUs);
        }
    }

    /** A connection was refused or lost. */
    void lost() {
        lost.incrementAndGet();
    }

    /** How many connections were refused or lost since the last call. */
    long takeLost() {
        return lost.getAndSet(0);
    }

    /** From PostgreSQL's commit to the outlet, for each arrival since the last call; microseconds. */
    synchronized long[] take() {
        long[] taken = latenciesUs.stream().mapToLong(Long::longValue).toArray();
        latenciesUs.clear();
        return taken;
    }

    synchronized int count() {
        return latenciesUs.size();
    }

    /** From now on it is noted when each outlet gets a change that was committed then or later. */
    synchronized void await(long committedUs) {
        awaitedUs = committedUs;
        caughtUpAtUs.clear();
    }

    synchronized int caughtUp() {
        return caughtUpAtUs.size();
    }

    synchronized long[] caughtUpAtUs() {
        return caughtUpAtUs.stream().mapToLong(Long::longValue).toArray();
    }
}
