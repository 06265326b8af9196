package dev.warung.core.replica;

import dev.warung.core.change.TableId;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table as SQLite has it.
 *
 * @param columns in the order in which rows come
 * @param key positions of the key columns, in key order
 */
public record TableLayout(List<LayoutColumn> columns, List<Integer> key) {

    public TableLayout {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /** @param attnum PostgreSQL's column number, which a rename keeps; where it is not known, the column's place, from 1 */
    public record LayoutColumn(int attnum, String name, String type, boolean notNull) {
        public String quoted() {
            return TableId.quote(name);
        }
    }

    public List<LayoutColumn> keyColumns() {
        return key.stream().map(columns::get).toList();
    }

    public String createTable(String name) {
        boolean isRowId = key.size() == 1 && columns.get(key.get(0)).type().equals("INTEGER");
        StringBuilder sql =
                new StringBuilder("CREATE TABLE ").append(TableId.quote(name)).append(" (");
        for (int i = 0; i < columns.size(); i++) {
            LayoutColumn column = columns.get(i);
            sql.append(i == 0 ? "" : ", ").append(column.quoted()).append(' ').append(column.type());
            if (isRowId && key.get(0) == i) {
                sql.append(" PRIMARY KEY");
            }
            if (column.notNull()) {
                sql.append(" NOT NULL");
            }
        }
        if (!isRowId) {
            sql.append(", PRIMARY KEY (").append(names(keyColumns())).append(')');
        }
        return sql.append(") STRICT").toString();
    }

    public String upsert(String name) {
        return upsert(name, "VALUES (" + columns.stream().map(c -> "?").collect(Collectors.joining(", ")) + ")");
    }

    /** @param rows a list of values, or a query with a WHERE, in the order of the columns */
    public String upsert(String name, String rows) {
        String others = columns.stream()
                .filter(c -> !keyColumns().contains(c))
                .map(c -> c.quoted() + "=excluded." + c.quoted())
                .collect(Collectors.joining(", "));
        return "INSERT INTO " + TableId.quote(name) + " (" + names(columns) + ") " + rows + " ON CONFLICT ("
                + names(keyColumns()) + ") DO " + (others.isEmpty() ? "NOTHING" : "UPDATE SET " + others);
    }

    public String delete(String name) {
        return "DELETE FROM " + TableId.quote(name) + " WHERE "
                + keyColumns().stream().map(c -> c.quoted() + "=?").collect(Collectors.joining(" AND "));
    }

    public static String names(List<LayoutColumn> columns) {
        return columns.stream().map(LayoutColumn::quoted).collect(Collectors.joining(", "));
    }
}
