package dev.warung.capture.event;

import java.util.List;

/**
 * The column names of one shape of a row, and what its table logs of old rows. Compared by identity: all rows read under one shape
 * share one instance.
 */
public final class ColumnNames {

    private final List<String> names;
    private final ReplicaIdentity oldRows;

    public ColumnNames(List<String> names, ReplicaIdentity oldRows) {
        this.names = List.copyOf(names);
        this.oldRows = oldRows;
    }

    public List<String> names() {
        return names;
    }

    /** The table's replica identity; of a partition that of its root, whatever the partition's own is. */
    public ReplicaIdentity oldRows() {
        return oldRows;
    }

    @Override
    public String toString() {
        return names.toString();
    }
}
