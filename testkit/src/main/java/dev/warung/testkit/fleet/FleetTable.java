package dev.warung.testkit.fleet;

import java.util.List;
import java.util.Map;

/**
 * One table of the company.
 *
 * @param columns name → type, in order
 * @param key names of its key columns
 */
record FleetTable(String name, Map<String, FleetType> columns, List<String> key) {

    String id() {
        return "public." + name;
    }

    FleetType type(String column) {
        FleetType type = columns.get(column);
        if (type == null) {
            throw new IllegalArgumentException(name + " has no column " + column);
        }
        return type;
    }

    boolean has(String column) {
        return columns.containsKey(column);
    }

    List<String> others() {
        return columns.keySet().stream().filter(column -> !key.contains(column)).toList();
    }

    String create() {
        StringBuilder sql = new StringBuilder("CREATE TABLE ").append(name).append(" (");
        columns.forEach((column, type) ->
                sql.append(column).append(' ').append(type.sql()).append(key.contains(column) ? " NOT NULL, " : ", "));
        return sql.append("PRIMARY KEY (")
                .append(String.join(", ", key))
                .append("))")
                .toString();
    }
}
