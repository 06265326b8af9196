package dev.warung.capture.source;

/**
 * How the initial copy is made.
 *
 * @param failover whether the slot is kept on standbys too (PostgreSQL 17 and later)
 */
public record SnapshotCopyOptions(
        String slot, String publication, TablePatterns tables, Reading reading, boolean failover) {

    /**
     * How rows are read.
     *
     * @param workers how many ranges are read at a time
     * @param pagesEach how many pages a range has
     * @param rowBytesMax a larger row, as text, breaks its table
     */
    public record Reading(int workers, int pagesEach, long rowBytesMax) {
        public static final Reading DEFAULT = new Reading(2, 8192, 16L << 20);
    }
}
