package dev.warung.core.ops;

import java.time.Duration;

/**
 * Percentiles of the latencies seen in the last 30 seconds, in milliseconds, to about 6 %. One slot a second, one bucket for each
 * sixteenth of a power of two; its size does not depend on the load.
 *
 * <p>Thread: any.
 */
public final class LatencyWindow {

    private static final int SLOTS = 30;
    private static final int SUB_BITS = 4;
    private static final int SUB = 1 << SUB_BITS;
    private static final int BUCKETS = SUB * 40;
    private static final double MILLIS_PER_MICRO = 0.001;

    private final long[][] counts = new long[SLOTS][BUCKETS];
    private final long[] seconds = new long[SLOTS];

    /** @param nowMs when it was seen, milliseconds since 1970 */
    public synchronized void record(long nowMs, Duration latency) {
        long second = nowMs / 1000;
        int slot = (int) Math.floorMod(second, (long) SLOTS);
        if (seconds[slot] != second) {
            seconds[slot] = second;
            counts[slot] = new long[BUCKETS];
        }
        counts[slot][bucket(Math.max(0, latency.toNanos() / 1000))]++;
    }

    /** The latency that a share of all were at or below; NaN if none were seen. */
    public synchronized double percentile(long nowMs, double share) {
        long oldest = nowMs / 1000 - SLOTS;
        long[] sum = new long[BUCKETS];
        long total = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            if (seconds[slot] > oldest) {
                for (int bucket = 0; bucket < BUCKETS; bucket++) {
                    sum[bucket] += counts[slot][bucket];
                    total += counts[slot][bucket];
                }
            }
        }
        long rank = (long) Math.ceil(total * share);
        long seen = 0;
        for (int bucket = 0; bucket < BUCKETS && total > 0; bucket++) {
            seen += sum[bucket];
            if (seen >= rank) {
                return micros(bucket) * MILLIS_PER_MICRO;
            }
        }
        return Double.NaN;
    }

    private static int bucket(long micros) {
        if (micros < SUB) {
            return (int) micros;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros) - SUB_BITS;
        int bucket = (exponent + 1) * SUB + (int) (micros >> exponent) - SUB;
        return Math.min(bucket, BUCKETS - 1);
    }

    /** The middle of a bucket, in microseconds. */
    private static double micros(int bucket) {
        if (bucket < SUB) {
            return bucket;
        }
        int exponent = bucket / SUB - 1;
        return (SUB + bucket % SUB + 0.5) * (1L << exponent);
    }
}
