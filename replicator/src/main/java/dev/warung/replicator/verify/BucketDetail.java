package dev.warung.replicator.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys of some buckets whose rows are not the same on both sides: rows of the source are added, those of the backup taken away, and
 * what does not come to nothing differs.
 *
 * <p>Thread: both sides may count at the same time, in any order.
 */
final class BucketDetail {

    private final BitSet buckets;
    private final Map<RowKey, Balance> balances = new HashMap<>();

    BucketDetail(BitSet buckets) {
        this.buckets = buckets;
    }

    RowScan.RowVisitor source() {
        return row -> count(row, 1);
    }

    RowScan.RowVisitor backup() {
        return row -> count(row, -1);
    }

    /** The keys that differ, in the order of their bytes. */
    synchronized List<RowKey> differing() {
        List<RowKey> keys = new ArrayList<>(balances.keySet());
        keys.sort((a, b) -> Arrays.compareUnsigned(a.bytes, b.bytes));
        return keys;
    }

    private void count(RowEncoder row, int sign) {
        if (!buckets.get(TableDigest.bucket(row))) {
            return;
        }
        RowKey key = new RowKey(row.key());
        row.hashRow();
        add(key, sign, row.murmur());
    }

    private synchronized void add(RowKey key, int sign, Murmur3 hash) {
        Balance balance = balances.computeIfAbsent(key, k -> new Balance());
        balance.rows += sign;
        balance.high += sign * hash.high();
        balance.low += sign * hash.low();
        if (balance.rows == 0 && balance.high == 0 && balance.low == 0) {
            balances.remove(key);
        }
    }

    /** The encoded key of a row. */
    static final class RowKey {

        private final byte[] bytes;
        private final int hash;

        RowKey(byte[] bytes) {
            this.bytes = bytes;
            this.hash = Arrays.hashCode(bytes);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof RowKey key && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private static final class Balance {
        private long rows;
        private long high;
        private long low;
    }
}
