package dev.warung.replicator.verify;

import java.util.stream.LongStream;

/**
 * The content of a table as one 128-bit sum of row hashes for each of 1024 groups of keys: independent of the order of rows, and
 * (unlike XOR) aware of rows that occur twice.
 *
 * <p>Thread: filled by one, read after that one has ended.
 */
final class TableDigest implements RowScan.RowVisitor {

    static final int BUCKETS = 1024;

    private final long[] high = new long[BUCKETS];
    private final long[] low = new long[BUCKETS];
    private final long[] rows = new long[BUCKETS];
    private final long[] keyBytes = new long[BUCKETS];

    /** The group of a row whose key is hashed. */
    static int bucket(RowEncoder row) {
        return (int) (row.murmur().high() & BUCKETS - 1);
    }

    @Override
    public void row(RowEncoder row) {
        int bucket = bucket(row);
        keyBytes[bucket] += row.keySize();
        row.hashRow();
        long before = low[bucket];
        low[bucket] = before + row.murmur().low();
        long carry = Long.compareUnsigned(low[bucket], before) < 0 ? 1 : 0;
        high[bucket] += row.murmur().high() + carry;
        rows[bucket]++;
    }

    long rows() {
        return LongStream.of(rows).sum();
    }

    boolean sameBucket(TableDigest other, int bucket) {
        return rows[bucket] == other.rows[bucket]
                && high[bucket] == other.high[bucket]
                && low[bucket] == other.low[bucket];
    }

    /** About how much memory the keys of a group take. */
    long weight(int bucket) {
        return keyBytes[bucket] + rows[bucket] * 160;
    }

    /** The hash of the whole table, 32 hexadecimal digits; all zeros for an empty one. */
    String hash() {
        long sumHigh = 0;
        long sumLow = 0;
        for (int i = 0; i < BUCKETS; i++) {
            long before = sumLow;
            sumLow += low[i];
            sumHigh += high[i] + (Long.compareUnsigned(sumLow, before) < 0 ? 1 : 0);
        }
        return String.format("%016x%016x", sumHigh, sumLow);
    }
}
