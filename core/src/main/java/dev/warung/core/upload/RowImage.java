package dev.warung.core.upload;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row, or its key, by the names of its columns. Values are what table topics have in JSON: Long, Double, Boolean, or PostgreSQL's own
 * text as String (bytea too: {@code \x…}), or null.
 */
public record RowImage(Map<String, @Nullable Object> values) {

    public static final RowImage EMPTY = new RowImage(Map.of());

    public RowImage {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        values.forEach((column, value) -> {
            if (value != null
                    && !(value instanceof Long
                            || value instanceof Double
                            || value instanceof Boolean
                            || value instanceof String)) {
                throw new IllegalArgumentException("column " + column + " cannot hold a " + value.getClass());
            }
        });
    }

    public Set<String> columns() {
        return values.keySet();
    }

    public boolean has(String column) {
        return values.containsKey(column);
    }

    public @Nullable Object get(String column) {
        return values.get(column);
    }

    /** A text that PostgreSQL reads as the value; null for NULL. */
    public @Nullable String text(String column) {
        Object value = values.get(column);
        if (value == null) {
            return null;
        }
        return value instanceof Boolean is ? (is ? "t" : "f") : value.toString();
    }

    /** The same row with another value in one column. */
    public RowImage with(String column, @Nullable Object value) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(values);
        changed.put(column, value);
        return new RowImage(changed);
    }

    /** These columns alone, in this order; those that the row lacks are left out. */
    public RowImage only(Iterable<String> columns) {
        Map<String, @Nullable Object> some = new LinkedHashMap<>();
        for (String column : columns) {
            if (values.containsKey(column)) {
                some.put(column, values.get(column));
            }
        }
        return new RowImage(some);
    }
}
