package dev.warung.capture.event;

import java.util.List;

/** The column names of one shape of a row. Compared by identity: all rows read under one shape share one instance. */
public final class ColumnNames {

    private final List<String> names;

    public ColumnNames(List<String> names) {
        this.names = List.copyOf(names);
    }

    public List<String> names() {
        return names;
    }

    @Override
    public String toString() {
        return names.toString();
    }
}
