package dev.warung.capture.source;

import java.util.concurrent.atomic.AtomicLong;

/** How far the initial copy is. Thread: any. */
public final class CopyProgress {

    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong rangesDone = new AtomicLong();
    private volatile long ranges;
    private volatile long rowsEstimated;

    /**
     * A moment of it.
     *
     * @param rowsEstimated the planner's estimate of all rows; 0 if it has none
     * @param bytes text read so far
     * @param ranges of pages, all
     */
    public record View(long rows, long rowsEstimated, long bytes, long rangesDone, long ranges) {}

    public View view() {
        return new View(rows.get(), rowsEstimated, bytes.get(), rangesDone.get(), ranges);
    }

    void begin(long allRanges, double estimate) {
        ranges = allRanges;
        rowsEstimated = Math.round(estimate);
    }

    void add(long moreRows, long moreBytes) {
        rows.addAndGet(moreRows);
        bytes.addAndGet(moreBytes);
    }

    void rangeDone() {
        rangesDone.incrementAndGet();
    }
}
