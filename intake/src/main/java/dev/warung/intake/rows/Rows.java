package dev.warung.intake.rows;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.apply.Refusal;
import dev.warung.core.upload.apply.RefusedException;
import dev.warung.core.value.PgValues;
import dev.warung.core.value.ValueKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes rows of the application's tables. Values go in as texts of unknown type, so that PostgreSQL takes them as it takes a
 * literal in quotes: what does not fit is an error and never cut.
 *
 * <p>Requires: a session that prints canonical texts, with {@code stringtype=unspecified}. Thread: that of the connection.
 */
final class Rows {

    private final Connection connection;

    Rows(Connection connection) {
        this.connection = connection;
    }

    /** The row with these columns, locked. */
    Optional<RowImage> lock(WrittenTable table, Collection<String> columns, RowImage key) throws SQLException {
        String sql = "select " + names(columns) + " from " + table.sql() + " where " + condition(key) + " for update";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, key, 1);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? Optional.of(image(table, columns, result)) : Optional.empty();
            }
        }
    }

    /** The row with its values as PostgreSQL prints them: a device may write {@code 12.5} for {@code 12.50}. Texts stay as they are. */
    RowImage canonical(WrittenTable table, RowImage row) throws SQLException {
        List<WrittenTable.Column> columns = new ArrayList<>();
        for (String name : row.columns()) {
            WrittenTable.Column column = table.columns().get(name);
            if (column != null && !isPlain(column) && row.get(name) != null) {
                columns.add(column);
            }
        }
        if (columns.isEmpty()) {
            return row;
        }
        String sql = "select " + columns.stream().map(c -> "?::" + c.type()).collect(Collectors.joining(", "));
        RowImage canonical = row;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < columns.size(); i++) {
                statement.setString(i + 1, row.text(columns.get(i).name()));
            }
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                for (int i = 0; i < columns.size(); i++) {
                    WrittenTable.Column column = columns.get(i);
                    canonical = canonical.with(column.name(), value(column.kind(), result.getString(i + 1)));
                }
            }
        }
        return canonical;
    }

    /** Inserts a row and gives its key. */
    RowImage insert(WrittenTable table, RowImage row) throws SQLException {
        String sql = "insert into " + table.sql()
                + (row.columns().isEmpty()
                        ? " default values"
                        : " (" + names(row.columns()) + ") overriding system value values ("
                                + row.columns().stream().map(c -> "?").collect(Collectors.joining(", ")) + ")")
                + " returning " + names(table.key());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, row, 1);
            try (ResultSet result = statement.executeQuery()) {
                if (!result.next()) {
                    throw suppressed(table);
                }
                return image(table, table.key(), result);
            }
        }
    }

    void update(WrittenTable table, RowImage key, RowImage columns) throws SQLException {
        String sql = "update " + table.sql() + " set "
                + columns.columns().stream()
                        .map(column -> TableId.quote(column) + " = ?")
                        .collect(Collectors.joining(", "))
                + " where " + condition(key);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, key, bind(statement, columns, 1));
            if (statement.executeUpdate() == 0) {
                throw suppressed(table);
            }
        }
    }

    void delete(WrittenTable table, RowImage key) throws SQLException {
        String sql = "delete from " + table.sql() + " where " + condition(key);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, key, 1);
            if (statement.executeUpdate() == 0) {
                throw suppressed(table);
            }
        }
    }

    /** Whether the row is there and an expression over it is true. */
    boolean holds(WrittenTable table, RowImage key, String expression) throws SQLException {
        return text(table, key, "(" + expression + ")").filter("t"::equals).isPresent();
    }

    /** What an expression over a row gives, as text; empty if it is NULL or there is no such row. */
    Optional<String> text(WrittenTable table, RowImage key, String expression) throws SQLException {
        String sql = "select " + expression + " from " + table.sql() + " where " + condition(key);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, key, 1);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? Optional.ofNullable(result.getString(1)) : Optional.empty();
            }
        }
    }

    /** {@code "a" = ? and "b" = ?}, to be bound with {@link #bind}. */
    static String condition(RowImage key) {
        return key.columns().stream()
                .map(column -> TableId.quote(column) + " = ?")
                .collect(Collectors.joining(" and "));
    }

    /** The same of a table with another name in the query, so that a column is not taken for another table's. */
    static String condition(String table, RowImage key) {
        return key.columns().stream()
                .map(column -> table + "." + TableId.quote(column) + " = ?")
                .collect(Collectors.joining(" and "));
    }

    /** Gives the place after the last one. */
    static int bind(PreparedStatement statement, RowImage row, int first) throws SQLException {
        int place = first;
        for (String column : row.columns()) {
            statement.setString(place, row.text(column));
            place++;
        }
        return place;
    }

    /** Whether a value has one spelling only. */
    private static boolean isPlain(WrittenTable.Column column) {
        return column.isText() || column.kind() == ValueKind.INTEGER || column.kind() == ValueKind.BOOLEAN;
    }

    private static String names(Collection<String> columns) {
        return columns.stream().map(TableId::quote).collect(Collectors.joining(", "));
    }

    private static RowImage image(WrittenTable table, Collection<String> columns, ResultSet result)
            throws SQLException {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(columns);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            WrittenTable.Column column = table.columns().get(name);
            ValueKind kind = column == null ? ValueKind.TEXT : column.kind();
            values.put(name, value(kind, result.getString(i + 1)));
        }
        return new RowImage(values);
    }

    private static @Nullable Object value(ValueKind kind, @Nullable String text) {
        if (text == null) {
            return null;
        }
        return switch (kind) {
            case INTEGER -> (Object) Long.valueOf(text);
            case BOOLEAN -> (Object) PgValues.booleanOf(text);
            case FLOAT -> PgValues.isFloatText(text) ? text : (Object) Double.valueOf(text);
            case BYTES, TEXT -> text;
        };
    }

    private static RefusedException suppressed(WrittenTable table) {
        return new RefusedException(Refusal.of(
                "refused", "The server did not take the change of " + table.id().name() + "."));
    }
}
