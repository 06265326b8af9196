package dev.warung.replicator.verify;

import dev.warung.replicator.verify.BucketDetail.RowKey;
import dev.warung.replicator.verify.RowDifference.ColumnDifference;
import dev.warung.replicator.verify.RowDifference.KeyValue;
import dev.warung.replicator.verify.RowDifference.Kind;
import dev.warung.replicator.verify.TableResult.Content;
import dev.warung.replicator.verify.TableResult.Verdict;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares the rows of one table on both sides.
 *
 * <p>One pass over both sides at the same time if they are identical. If not, a second pass finds the keys in as many differing buckets
 * as fit into memory, and a third fetches the first of those rows.
 *
 * <p>Guarantees: memory does not grow with the table.
 */
final class TableComparison {

    static final int DIFFERENCES_MAX = 20;

    private static final long DETAIL_BYTES_MAX = 32L << 20;

    private final ComparedTable table;
    private final RowScan source;
    private final RowScan backup;
    private final BothSides bothSides;

    TableComparison(ComparedTable table, RowScan source, RowScan backup, BothSides bothSides) {
        this.table = table;
        this.source = source;
        this.backup = backup;
        this.bothSides = bothSides;
    }

    /** Reads both sides at the same time. */
    interface BothSides {

        /** Returns when both passes have ended. */
        void run(Pass source, Pass backup) throws SQLException, InterruptedException;
    }

    /** One reading of one side. */
    record Pass(RowScan scan, RowScan.RowVisitor visitor) {}

    TableResult compare() throws SQLException, InterruptedException {
        TableDigest sourceDigest = new TableDigest();
        TableDigest backupDigest = new TableDigest();
        bothSides.run(new Pass(source, sourceDigest), new Pass(backup, backupDigest));
        BitSet differing = new BitSet(TableDigest.BUCKETS);
        for (int i = 0; i < TableDigest.BUCKETS; i++) {
            differing.set(i, !sourceDigest.sameBucket(backupDigest, i));
        }
        Content sourceContent = new Content(sourceDigest.rows(), sourceDigest.hash());
        Content backupContent = new Content(backupDigest.rows(), backupDigest.hash());
        if (differing.isEmpty()) {
            return result(Verdict.IDENTICAL, "", sourceContent, backupContent, List.of(), false);
        }
        BitSet looked = affordable(differing, sourceDigest, backupDigest);
        BucketDetail detail = new BucketDetail(looked);
        bothSides.run(new Pass(source, detail.source()), new Pass(backup, detail.backup()));
        List<RowKey> keys = detail.differing();
        List<RowKey> first = keys.subList(0, Math.min(DIFFERENCES_MAX, keys.size()));
        boolean more = first.size() < keys.size() || !looked.equals(differing);
        String count = (looked.equals(differing) ? "" : "at least ") + keys.size();
        String reason = "PostgreSQL has " + sourceContent.rows() + " rows, the backup " + backupContent.rows() + "; "
                + count + (keys.size() == 1 ? " key differs" : " keys differ");
        return result(Verdict.DIFFERENT, reason, sourceContent, backupContent, rows(first), more);
    }

    private TableResult result(
            Verdict verdict,
            String reason,
            Content inSource,
            Content inBackup,
            List<RowDifference> rows,
            boolean more) {
        return new TableResult(table.id().toString(), verdict, reason, inSource, inBackup, table.leftOut(), rows, more);
    }

    private static BitSet affordable(BitSet differing, TableDigest source, TableDigest backup) {
        BitSet affordable = new BitSet(TableDigest.BUCKETS);
        long bytes = 0;
        for (int i = differing.nextSetBit(0); i >= 0; i = differing.nextSetBit(i + 1)) {
            bytes += source.weight(i) + backup.weight(i);
            if (bytes > DETAIL_BYTES_MAX && !affordable.isEmpty()) {
                break;
            }
            affordable.set(i);
        }
        return affordable;
    }

    private List<RowDifference> rows(List<RowKey> keys) throws SQLException, InterruptedException {
        Map<RowKey, Pair> pairs = new HashMap<>();
        keys.forEach(key -> pairs.put(key, new Pair()));
        bothSides.run(
                new Pass(source, row -> keep(pairs.get(new RowKey(row.key())), row, true)),
                new Pass(backup, row -> keep(pairs.get(new RowKey(row.key())), row, false)));
        return keys.stream()
                .map(key -> difference(pairs.getOrDefault(key, new Pair())))
                .toList();
    }

    private static void keep(@Nullable Pair pair, RowEncoder row, boolean inSource) {
        if (pair != null && pair.side(inSource).size() < 2) {
            pair.side(inSource).add(row.snapshot());
        }
    }

    private RowDifference difference(Pair pair) {
        EncodedRow any = (pair.inSource.isEmpty() ? pair.inBackup : pair.inSource).get(0);
        List<KeyValue> key = new ArrayList<>();
        for (int column : table.keyPositions()) {
            key.add(new KeyValue(table.columns().get(column).name(), any.display(column)));
        }
        if (pair.inBackup.isEmpty()) {
            return new RowDifference(Kind.MISSING_IN_BACKUP, key, List.of());
        }
        if (pair.inSource.isEmpty()) {
            return new RowDifference(Kind.ONLY_IN_BACKUP, key, List.of());
        }
        if (pair.inSource.size() > 1 || pair.inBackup.size() > 1) {
            return new RowDifference(Kind.REPEATED, key, List.of());
        }
        return new RowDifference(Kind.CHANGED, key, columns(pair.inSource.get(0), pair.inBackup.get(0)));
    }

    private List<ColumnDifference> columns(EncodedRow inSource, EncodedRow inBackup) {
        List<ColumnDifference> columns = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            if (!inSource.sameValue(inBackup, i)) {
                columns.add(
                        new ColumnDifference(table.columns().get(i).name(), inSource.display(i), inBackup.display(i)));
            }
        }
        return columns;
    }

    /** The rows of one key; each list is filled by the thread that reads its side. */
    private static final class Pair {
        private final List<EncodedRow> inSource = new ArrayList<>(1);
        private final List<EncodedRow> inBackup = new ArrayList<>(1);

        List<EncodedRow> side(boolean source) {
            return source ? inSource : inBackup;
        }
    }
}
