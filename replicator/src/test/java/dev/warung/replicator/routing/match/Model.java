package dev.warung.replicator.routing.match;

import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.where.WhereClause;
import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.where.tree.InnerSet;
import dev.warung.core.where.tree.InnerSets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an instance must hold of a table, by evaluating its clause on every row. */
final class Model {

    private final ShopRows rows;

    Model(ShopRows rows) {
        this.rows = rows;
    }

    /** Key → selected values. */
    Map<Object, List<@Nullable Object>> holding(ShapeInstance instance, int number) {
        RoutedShape.Table table = instance.shape().tables().get(number);
        Map<Object, List<@Nullable Object>> held = new HashMap<>();
        Optional<WhereClause> clause = table.where().map(where -> where.with(values(instance)));
        InnerSets sets = sets();
        for (@Nullable Object[] row : rows.rows(table.schema())) {
            if (clause.isEmpty() || isTrue(clause.get(), row, sets)) {
                held.put(row[0], selected(table, row));
            }
        }
        return held;
    }

    static List<@Nullable Object> selected(RoutedShape.Table table, @Nullable Object[] row) {
        List<Column> columns = table.schema().copiedColumns();
        List<@Nullable Object> values = new ArrayList<>();
        table.columns().forEach(column -> values.add(row[columns.indexOf(column)]));
        return values;
    }

    private static Map<String, @Nullable String> values(ShapeInstance instance) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        for (int i = 0; i < instance.values().size(); i++) {
            values.put(instance.shape().parameters().get(i), instance.values().get(i));
        }
        return values;
    }

    private static boolean isTrue(WhereClause clause, @Nullable Object[] row, InnerSets sets) {
        try {
            return Boolean.TRUE.equals(clause.evaluate(row, sets));
        } catch (EvaluationException e) {
            return false;
        }
    }

    private InnerSets sets() {
        Map<Object, InnerSet> known = new HashMap<>();
        return select -> known.computeIfAbsent(select, s -> {
            TableSchema inner = select.table();
            Set<String> keys = new HashSet<>();
            boolean holdsNull = false;
            for (@Nullable Object[] row : rows.rows(inner)) {
                if (select.takes(row)) {
                    String key = select.key(row);
                    holdsNull |= key == null;
                    if (key != null) {
                        keys.add(key);
                    }
                }
            }
            return new Values(keys, holdsNull);
        });
    }

    private record Values(Set<String> keys, boolean holdsNull) implements InnerSet {
        @Override
        public boolean isEmpty() {
            return keys.isEmpty() && !holdsNull;
        }

        @Override
        public boolean contains(String key) {
            return keys.contains(key);
        }
    }
}
