package dev.warung.replicator.routing.match;

import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rows of the shop's tables in memory, by their key, which is the first column. */
final class ShopRows implements ReplicaRows {

    private final Map<String, Map<Object, @Nullable Object[]>> tables = new LinkedHashMap<>();

    private Map<Object, @Nullable Object[]> table(TableSchema table) {
        return tables.computeIfAbsent(table.topic(), t -> new LinkedHashMap<>());
    }

    Collection<@Nullable Object[]> rows(TableSchema table) {
        return table(table).values();
    }

    @Nullable
    Object @Nullable [] get(TableSchema table, Object key) {
        return table(table).get(key);
    }

    void put(TableSchema table, @Nullable Object[] row) {
        table(table).put(Objects.requireNonNull(row[0]), row);
    }

    void remove(TableSchema table, Object key) {
        table(table).remove(key);
    }

    void clear(TableSchema table) {
        table(table).clear();
    }

    @Override
    public void all(TableSchema table, Consumer<@Nullable Object[]> reader) {
        List.copyOf(rows(table)).forEach(row -> reader.accept(row.clone()));
    }

    @Override
    public void having(TableSchema table, Column column, Object value, Consumer<@Nullable Object[]> reader) {
        int position = table.copiedColumns().indexOf(column);
        List.copyOf(rows(table)).stream()
                .filter(row -> Objects.deepEquals(row[position], value))
                .forEach(row -> reader.accept(row.clone()));
    }
}
