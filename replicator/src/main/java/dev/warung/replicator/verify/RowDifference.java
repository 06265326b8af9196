package dev.warung.replicator.verify;

import java.util.List;

/**
 * A row that differs.
 *
 * @param key its key columns and their values, shortened
 * @param columns the columns that differ; empty unless the row is on both sides
 */
public record RowDifference(Kind kind, List<KeyValue> key, List<ColumnDifference> columns) {

    public RowDifference {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
    }

    /** Where the row is. */
    public enum Kind {
        MISSING_IN_BACKUP,
        ONLY_IN_BACKUP,
        CHANGED,
        /** It occurs a different number of times. */
        REPEATED
    }

    /** A key column. */
    public record KeyValue(String column, String value) {}

    /** A column with both values, shortened. */
    public record ColumnDifference(String column, String source, String backup) {}
}
