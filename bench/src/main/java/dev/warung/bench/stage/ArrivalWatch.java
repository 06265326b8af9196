package dev.warung.bench.stage;

import dev.warung.bench.measure.Wait;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Notes when each row can first be read from the backup. It asks SQLite twice a millisecond whether the file has changed, which costs the
 * replicator nothing, and reads new ids only then; so a row is seen up to half a millisecond late.
 *
 * <p>Thread: watches on one of its own; the rest by its owner.
 */
public final class ArrivalWatch implements AutoCloseable {
    private static final long STEP_NANOS = Duration.ofMillis(1).toNanos();
    private static final long MICROS = 1_000_000;

    private final Backup backup;
    private final InstantSource clock;
    private final long firstId;
    private final long[] seenAtUs;
    private final Thread thread = new Thread(this::watch, "arrival-watch");
    private volatile boolean stopped;
    private final AtomicInteger missing;
    private volatile @Nullable SQLException failure;

    private ArrivalWatch(Backup backup, InstantSource clock, long firstId, int rows) {
        this.backup = backup;
        this.clock = clock;
        this.firstId = firstId;
        this.seenAtUs = new long[rows];
        this.missing = new AtomicInteger(rows);
    }

    /** @param backup used by this watch alone until it is closed */
    public static ArrivalWatch start(Backup backup, InstantSource clock, long firstId, int rows) {
        ArrivalWatch watch = new ArrivalWatch(backup, clock, firstId, rows);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        try {
            long version = -1;
            int firstMissing = 0;
            while (!stopped && missing.get() > 0) {
                long now = backup.version();
                if (now == version) {
                    LockSupport.parkNanos(STEP_NANOS);
                    continue;
                }
                version = now;
                backup.idsFrom(firstId + firstMissing, this::seen);
                while (firstMissing < seenAtUs.length && seenAtUs[firstMissing] != 0) {
                    firstMissing++;
                }
            }
        } catch (SQLException e) {
            failure = e;
        }
    }

    private void seen(long id) {
        int index = (int) (id - firstId);
        if (index < seenAtUs.length && seenAtUs[index] == 0) {
            seenAtUs[index] = micros(clock.instant());
            missing.decrementAndGet();
        }
    }

    static long micros(Instant at) {
        return at.getEpochSecond() * MICROS + at.getNano() / 1000;
    }

    /** Rows that were not seen yet. */
    public int missing() throws SQLException {
        SQLException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
        return missing.get();
    }

    /** For each row the microsecond since 1970 at which it was seen; 0 for a row that never was. Call it after {@link #close}. */
    public long[] seenAtUs() {
        return Arrays.copyOf(seenAtUs, seenAtUs.length);
    }

    @Override
    public void close() {
        stopped = true;
        Wait.forEnd(thread);
    }
}
