package dev.warung.outlet.write;

import dev.warung.core.change.TableId;
import dev.warung.core.value.ValueKind;
import dev.warung.core.wire.ShapeSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table of the outlet's file, with the names of both sides.
 *
 * @param number what the journal calls it
 * @param name what SQLite calls it
 * @param columns in the order in which the file has them
 * @param key places of the key columns, in key order
 */
public record LocalTable(int number, TableId id, String name, List<LocalColumn> columns, List<Integer> key) {

    public LocalTable {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /**
     * One column.
     *
     * @param name PostgreSQL's
     * @param sqliteName the same, unless SQLite cannot tell two of the table apart
     */
    public record LocalColumn(String name, String sqliteName, ValueKind kind, boolean notNull) {
        String quoted() {
            return TableId.quote(sqliteName);
        }
    }

    /** @param sqliteNames of the columns, in their order */
    public static LocalTable of(int number, String name, ShapeSchema.Table table, List<String> sqliteNames) {
        List<LocalColumn> columns = new ArrayList<>();
        List<Integer> key = new ArrayList<>();
        for (int position : table.keyPositions()) {
            key.add(position);
        }
        for (int i = 0; i < sqliteNames.size(); i++) {
            ShapeSchema.ShapeColumn column = table.columns().get(i);
            columns.add(new LocalColumn(
                    column.name(), sqliteNames.get(i), column.kind(), column.notNull() || key.contains(i)));
        }
        return new LocalTable(number, table.id(), name, columns, key);
    }

    public List<LocalColumn> keyColumns() {
        return key.stream().map(columns::get).toList();
    }

    Optional<LocalColumn> column(String postgresName) {
        return columns.stream().filter(c -> c.name().equals(postgresName)).findFirst();
    }

    /** Whether SQLite numbers its rows by the key, so that an insert may leave the key out. */
    public boolean isRowId() {
        return key.size() == 1 && columns.get(key.get(0)).kind().sqliteType().equals("INTEGER");
    }
}
