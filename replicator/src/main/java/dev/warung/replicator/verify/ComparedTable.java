package dev.warung.replicator.verify;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.Column;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A table as both sides have it.
 *
 * @param from the table in a FROM clause of PostgreSQL
 * @param replicaName the name of the table in the backup
 * @param columns the columns that are compared, in attnum order
 * @param replicaColumns their names in the backup
 * @param key names of the key columns, in key order; empty if the whole row is the key
 * @param leftOut columns that are not copied, with the reason
 */
record ComparedTable(
        TableId id,
        String from,
        String replicaName,
        List<Column> columns,
        List<String> replicaColumns,
        List<String> key,
        List<String> leftOut) {

    ComparedTable {
        columns = List.copyOf(columns);
        replicaColumns = List.copyOf(replicaColumns);
        key = List.copyOf(key);
        leftOut = List.copyOf(leftOut);
    }

    /** Where the key columns are among the columns; all of them if there is no key. */
    int[] keyPositions() {
        List<String> names = columns.stream().map(Column::name).toList();
        return key.isEmpty()
                ? IntStream.range(0, columns.size()).toArray()
                : key.stream().mapToInt(names::indexOf).toArray();
    }

    /** Prints the rows as text for {@link CopyText}. */
    String copyStatement() {
        return "COPY (SELECT " + list(columns.stream().map(Column::name)) + " FROM " + from + ") TO STDOUT";
    }

    /** Reads the rows of the backup. */
    String replicaQuery() {
        return "SELECT " + list(replicaColumns.stream()) + " FROM " + TableId.quote(replicaName);
    }

    RowEncoder encoder() {
        return new RowEncoder(columns.size(), keyPositions());
    }

    private static String list(Stream<String> names) {
        return names.map(TableId::quote).collect(Collectors.joining(", "));
    }
}
