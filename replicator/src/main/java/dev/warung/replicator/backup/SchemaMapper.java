package dev.warung.replicator.backup;

import dev.warung.core.change.TableId;
import dev.warung.core.replica.ReplicaNames;
import dev.warung.core.replica.TableLayout;
import dev.warung.core.replica.TableLayout.LayoutColumn;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.IndexDef;
import dev.warung.core.schema.TableSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * PostgreSQL's description of a table → SQLite's. SQLite compares names without regard to ASCII case and reserves some, so a name may
 * have to give way; {@code _warung_catalog} says which table has which name.
 */
final class SchemaMapper {

    private SchemaMapper() {}

    /** @param relaxed attnums of columns that must not be declared NOT NULL (yet) */
    static TableLayout layout(TableSchema schema, Set<Integer> relaxed) {
        List<LayoutColumn> columns = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Column column : schema.copiedColumns()) {
            boolean isKey = schema.key().contains(column.name());
            String name = column.name();
            while (!taken.add(ReplicaNames.fold(name))) {
                name = name + "_" + column.attnum();
            }
            columns.add(new LayoutColumn(
                    column.attnum(),
                    name,
                    column.kind().sqliteType(),
                    isKey || (column.notNull() && !relaxed.contains(column.attnum()))));
        }
        return new TableLayout(
                columns, IntStream.of(schema.keyPositions()).boxed().toList());
    }

    /** The name of a table; {@code isTaken} tells whether another table or index has a name already. */
    static String tableName(TableSchema schema, Predicate<String> isTaken) {
        String wanted = schema.id().replicaName();
        if (ReplicaNames.isReserved(wanted)) {
            wanted = schema.id().toString();
        }
        return ReplicaNames.free(wanted, "_" + schema.oid(), isTaken);
    }

    /** The name under which the rows of a generation are kept until it is complete. */
    static String shadowName(TableSchema schema) {
        return ReplicaNames.OWN_PREFIX + "shadow_" + schema.generation() + "_" + schema.oid();
    }

    /** The statements that create a table's indexes, by index name. Indexes over expressions are PostgreSQL's alone. */
    static Map<String, String> indexes(
            TableSchema schema, TableLayout layout, String tableName, Predicate<String> isTaken) {
        Map<Integer, String> replicaNames =
                layout.columns().stream().collect(Collectors.toMap(LayoutColumn::attnum, LayoutColumn::quoted));
        Map<String, String> statements = new LinkedHashMap<>();
        for (IndexDef index : schema.indexes()) {
            List<String> columns = new ArrayList<>();
            for (String column : index.columns()) {
                Optional.of(column)
                        .flatMap(schema::column)
                        .map(c -> replicaNames.get(c.attnum()))
                        .ifPresent(columns::add);
            }
            if (columns.isEmpty()
                    || columns.size() < index.columns().size()
                    || index.columns().equals(schema.key())) {
                continue;
            }
            String wanted = new TableId(schema.id().schema(), index.name()).replicaName();
            if (ReplicaNames.isReserved(wanted)) {
                wanted = schema.id().schema() + "." + index.name();
            }
            String name = ReplicaNames.free(
                    wanted,
                    "_" + schema.oid(),
                    n -> isTaken.test(n)
                            || statements.keySet().stream()
                                    .anyMatch(k -> ReplicaNames.fold(k).equals(ReplicaNames.fold(n))));
            statements.put(
                    name,
                    "CREATE INDEX " + TableId.quote(name) + " ON " + TableId.quote(tableName) + " ("
                            + String.join(", ", columns) + ")");
        }
        return statements;
    }
}
