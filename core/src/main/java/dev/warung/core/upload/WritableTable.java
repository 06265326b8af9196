package dev.warung.core.upload;

import dev.warung.core.change.TableId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What whoever writes rows of a table must know of it.
 *
 * @param assigned the one key column whose values the server gives out; a value of {@link #LOCAL_IDS_FROM} or more stands for one that
 *     it has not given yet
 * @param generated columns that PostgreSQL computes: nobody writes them
 * @param delta numbers that are added up: an update means its difference
 * @param references declared foreign keys to tables that outlets write too
 */
public record WritableTable(
        TableId table,
        Optional<String> assigned,
        List<String> generated,
        List<String> delta,
        List<Reference> references) {

    /** Ids from here on were made on a device, for columns whose values the server gives out. */
    public static final long LOCAL_IDS_FROM = 1L << 52;

    public WritableTable {
        generated = List.copyOf(generated);
        delta = List.copyOf(delta);
        references = List.copyOf(references);
    }

    /**
     * A foreign key.
     *
     * @param key the columns of the other table, in the order of {@code columns}
     */
    public record Reference(List<String> columns, TableId table, List<String> key) {
        public Reference {
            columns = List.copyOf(columns);
            key = List.copyOf(key);
            if (columns.isEmpty() || columns.size() != key.size()) {
                throw new IllegalArgumentException("a reference has as many columns as the key that it names");
            }
        }
    }

    /** Whether the value of an assigned column, or of a column that refers to one, was made on a device. */
    public static boolean isLocalId(@Nullable Object value) {
        return value instanceof Long id && id >= LOCAL_IDS_FROM;
    }
}
