package dev.warung.capture.event;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row as PostgreSQL's own texts, in the order of its column names. The array is not copied: rows are never changed. */
public final class RowImage {

    private final ColumnNames columns;
    private final @Nullable String[] texts;

    public RowImage(ColumnNames columns, @Nullable String[] texts) {
        if (columns.names().size() != texts.length) {
            throw new IllegalArgumentException(texts.length + " values for the columns " + columns);
        }
        this.columns = columns;
        this.texts = texts;
    }

    public ColumnNames columns() {
        return columns;
    }

    public @Nullable String[] texts() {
        return texts;
    }

    /** The text of one column; null for NULL. @throws IllegalArgumentException if there is no such column */
    public @Nullable String text(String column) {
        int position = columns.names().indexOf(column);
        if (position < 0) {
            throw new IllegalArgumentException("no column '" + column + "' among " + columns);
        }
        return texts[position];
    }

    @Override
    public String toString() {
        Map<String, @Nullable String> shown = new LinkedHashMap<>();
        for (int i = 0; i < texts.length; i++) {
            shown.put(columns.names().get(i), texts[i]);
        }
        return shown.toString();
    }
}
