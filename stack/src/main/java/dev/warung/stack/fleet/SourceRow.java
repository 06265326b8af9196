package dev.warung.stack.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.warung.core.change.TableId;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.where.bind.Tables;
import dev.warung.stack.pipeline.StackException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One row of PostgreSQL.
 *
 * @param values canonical texts in the order of the table's copied columns; null for NULL
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SourceRow(TableSchema table, @Nullable Object[] values) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FETCH_ROWS = 1_000;

    /**
     * Reads the row that a person names.
     *
     * @param name {@code orders 42}, {@code stok 1,7} for a key of two columns, or {@code orders {"id":42}}
     * @throws StackException if there is no such table or row
     */
    public static SourceRow read(Connection connection, Tables known, String name) throws SQLException {
        String[] parts = name.strip().split("\\s+", 2);
        TableId id = TableId.parse(parts[0]);
        TableSchema table = known.find(Optional.of(id.schema()), id.name())
                .orElseThrow(() -> new StackException("There is no captured table " + id + "."));
        List<String> key = key(table, parts.length > 1 ? parts[1] : "");
        try (PreparedStatement statement = connection.prepareStatement(select(table) + " where " + condition(table))) {
            for (int i = 0; i < key.size(); i++) {
                statement.setString(i + 1, key.get(i));
            }
            try (ResultSet result = statement.executeQuery()) {
                if (!result.next()) {
                    throw new StackException("PostgreSQL has no row " + name.strip() + ".");
                }
                return new SourceRow(table, values(result, table));
            }
        }
    }

    /** Gives each row of a table to {@code each}, few at a time in memory. Not with automatic commit. */
    static void readAll(Connection connection, TableSchema table, Consumer<@Nullable Object[]> each)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select(table))) {
            statement.setFetchSize(FETCH_ROWS);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    each.accept(values(result, table));
                }
            }
        }
    }

    /** The value of a column, quoted, for people. */
    String shown(Column column) {
        Object value = values[table.copiedColumns().indexOf(column)];
        return value == null ? "NULL" : "'" + value + "'";
    }

    @Override
    public String toString() {
        StringJoiner key = new StringJoiner(", ");
        table.key()
                .forEach(name -> key.add(
                        name + " = " + table.column(name).map(this::shown).orElse("?")));
        return table.id() + " (" + key + ")";
    }

    /** {@code format('%s', …)} prints what the type's output function does; a cast to text does not for each type. */
    private static String select(TableSchema table) {
        StringJoiner columns = new StringJoiner(", ");
        for (Column column : table.copiedColumns()) {
            String name = TableId.quote(column.name());
            columns.add("case when " + name + " is null then null else format('%s', " + name + ") end");
        }
        return "select " + columns + " from " + table.id().quoted();
    }

    private static String condition(TableSchema table) {
        List<String> conditions = new ArrayList<>();
        for (String name : table.key()) {
            String type = table.column(name).map(Column::type).orElse("text");
            conditions.add(TableId.quote(name) + " = cast(? as " + type + ")");
        }
        return String.join(" and ", conditions);
    }

    private static @Nullable Object[] values(ResultSet result, TableSchema table) throws SQLException {
        @Nullable Object[] values = new @Nullable Object[table.copiedColumns().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = result.getString(i + 1);
        }
        return values;
    }

    private static List<String> key(TableSchema table, String text) {
        String stripped = text.strip();
        List<String> values = stripped.startsWith("{")
                ? fields(table, stripped)
                : table.key().size() == 1 ? List.of(stripped) : List.of(stripped.split("\\s*,\\s*", -1));
        if (stripped.isEmpty() || values.size() != table.key().size()) {
            throw new StackException("The key of " + table.id() + " is " + String.join(", ", table.key())
                    + ": name the row as '" + table.id().replicaName() + " "
                    + String.join(",", table.key().stream().map(k -> "…").toList()) + "' or as '"
                    + table.id().replicaName() + " {"
                    + String.join(
                            ",",
                            table.key().stream().map(k -> "\"" + k + "\":…").toList())
                    + "}'.");
        }
        return values;
    }

    private static List<String> fields(TableSchema table, String json) {
        try {
            JsonNode node = JSON.readTree(json);
            return table.key().stream()
                    .filter(node::hasNonNull)
                    .map(name -> node.path(name).asText())
                    .toList();
        } catch (JsonProcessingException e) {
            throw new StackException("The key is not JSON: " + json, e);
        }
    }
}
