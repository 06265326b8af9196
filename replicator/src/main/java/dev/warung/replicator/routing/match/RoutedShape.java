package dev.warung.replicator.routing.match;

import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.where.WhereClause;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A shape as routing needs it, bound to descriptions of its tables. All its instances share one object, which is compared by
 * identity: after a change of a table's description its instances are removed and added again with a new one.
 */
public final class RoutedShape {

    private final String name;
    private final List<String> parameters;
    private final List<Table> tables;

    /**
     * @param name for messages
     * @param parameters in the order of an instance's values
     * @throws IllegalArgumentException if a clause has another parameter
     */
    public RoutedShape(String name, List<String> parameters, List<Table> tables) {
        this.name = name;
        this.parameters = List.copyOf(parameters);
        this.tables = List.copyOf(tables);
        for (Table table : tables) {
            Set<String> used = new HashSet<>(
                    table.where().map(where -> where.parameters().keySet()).orElse(Set.of()));
            used.removeAll(parameters);
            if (!used.isEmpty()) {
                throw new IllegalArgumentException("shape " + name + " has no parameters " + used);
            }
        }
    }

    /**
     * What a shape holds of one table; its number is its place in the list.
     *
     * @param schema whose copied columns the rows have
     * @param where empty for all rows
     * @param columns the selected ones: a change of others alone is not told
     */
    public record Table(TableSchema schema, Optional<WhereClause> where, List<Column> columns) {
        public Table {
            columns = List.copyOf(columns);
            if (!schema.copiedColumns().containsAll(columns)) {
                throw new IllegalArgumentException("a selected column is not copied in " + schema.id());
            }
        }
    }

    public String name() {
        return name;
    }

    public List<String> parameters() {
        return parameters;
    }

    public List<Table> tables() {
        return tables;
    }

    @Override
    public String toString() {
        return name;
    }
}
