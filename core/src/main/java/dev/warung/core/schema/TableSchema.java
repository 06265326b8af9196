package dev.warung.core.schema;

import dev.warung.core.change.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a table looks like from one change id on.
 *
 * @param oid PostgreSQL's identifier of the table inside this epoch; a rename keeps it
 * @param generation which life of the table this is: a rewrite, key change or new epoch starts another, with a topic of its own
 * @param version number of this description, unique in the pipeline and growing; the header of each row names it
 * @param topic the topic that holds the rows of this generation
 * @param columns all columns in attnum order, those that are not copied too
 * @param key names of the key columns, in key order; never empty
 * @param collation the database's, which texts have that come from no column; {@link Collation#LOCALE} if it is not known
 */
public record TableSchema(
        TableId id,
        long oid,
        int generation,
        int version,
        String topic,
        List<Column> columns,
        List<String> key,
        List<IndexDef> indexes,
        Collation collation) {

    public TableSchema {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        indexes = List.copyOf(indexes);
        if (key.isEmpty()) {
            throw new IllegalArgumentException("table " + id + " has no key");
        }
    }

    /** Whether a row of one is a row of the other: the same columns, whatever their values mean. */
    public boolean hasRowsOf(TableSchema other) {
        return withoutMeaning(columns).equals(withoutMeaning(other.columns));
    }

    private static List<Column> withoutMeaning(List<Column> columns) {
        return columns.stream()
                .map(column -> column.withMeaning(TypeMeaning.of(column.type())))
                .toList();
    }

    /** The columns whose values travel through the log, in attnum order. */
    public List<Column> copiedColumns() {
        return columns.stream().filter(Column::isCopied).toList();
    }

    public Optional<Column> column(String name) {
        return columns.stream().filter(c -> c.name().equals(name)).findFirst();
    }

    /** Indexes into {@link #copiedColumns()} of the key columns, in key order. */
    public int[] keyPositions() {
        List<String> names = new ArrayList<>();
        copiedColumns().forEach(c -> names.add(c.name()));
        return key.stream().mapToInt(names::indexOf).toArray();
    }
}
