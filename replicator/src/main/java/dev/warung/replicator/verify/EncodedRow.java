package dev.warung.replicator.verify;

import java.util.Arrays;

/** A copy of a row's encoded values, kept to show where two rows differ. */
final class EncodedRow {

    private final byte[] values;
    private final int[] starts;

    EncodedRow(byte[] values, int[] starts) {
        this.values = values;
        this.starts = starts;
    }

    String display(int column) {
        return RowEncoder.display(values, starts[column], starts[column + 1]);
    }

    boolean sameValue(EncodedRow other, int column) {
        return Arrays.equals(
                values,
                starts[column],
                starts[column + 1],
                other.values,
                other.starts[column],
                other.starts[column + 1]);
    }
}
