package dev.warung.replicator.backup;

import dev.warung.core.change.TableId;
import dev.warung.core.replica.TableLayout;
import dev.warung.core.replica.TableLayout.LayoutColumn;
import dev.warung.core.schema.Column;
import dev.warung.core.value.ValueKind;
import dev.warung.core.where.sqlite.SqliteFilter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of the replica: Long, Double, String, byte[] or null, in the order of the copied columns. Used only by the replicator thread.
 */
public final class TableRows {

    private final Connection connection;
    private final Catalog catalog;

    TableRows(Connection connection, Catalog catalog) {
        this.connection = connection;
        this.catalog = catalog;
    }

    /** Every row of a table. */
    public void all(String topic, Consumer<@Nullable Object[]> reader) {
        TableEntry entry = entry(topic);
        read(entry, select(entry), List.of(), reader);
    }

    public Optional<@Nullable Object[]> row(String topic, Object[] key) {
        TableEntry entry = entry(topic);
        String where =
                entry.layout().keyColumns().stream().map(c -> c.quoted() + "=?").collect(Collectors.joining(" AND "));
        @Nullable Object[][] found = new @Nullable Object[1][];
        read(entry, select(entry) + " WHERE " + where, List.of(key), row -> found[0] = row);
        return Optional.ofNullable(found[0]);
    }

    /** The rows whose column has a value, as SQLite stores it. */
    public void having(String topic, Column column, Object value, Consumer<@Nullable Object[]> reader) {
        TableEntry entry = entry(topic);
        read(entry, select(entry) + " WHERE " + name(entry, column) + "=?", List.of(value), reader);
    }

    /**
     * Looks at the next rows of a table in the order of its key.
     *
     * @param after the key to go on after, in key order; empty to begin
     * @param limit how many rows to look at, at most
     * @param filter which of them to give
     * @return the key of the last row looked at; empty if there is none beyond it
     */
    public Optional<Object[]> next(
            String topic,
            Optional<Object[]> after,
            int limit,
            Optional<SqliteFilter> filter,
            Consumer<@Nullable Object[]> reader) {
        TableEntry entry = entry(topic);
        Optional<Object[]> last = keyAt(entry, after, limit);
        List<LayoutColumn> key = entry.layout().keyColumns();
        StringBuilder sql = new StringBuilder(select(entry)).append(" WHERE 1");
        List<Object> values = new java.util.ArrayList<>();
        after.ifPresent(from -> {
            sql.append(" AND ").append(compare(key, ">"));
            values.addAll(List.of(from));
        });
        last.ifPresent(to -> {
            sql.append(" AND ").append(compare(key, "<="));
            values.addAll(List.of(to));
        });
        filter.ifPresent(one -> {
            sql.append(" AND (").append(one.sql()).append(')');
            values.addAll(one.values());
        });
        read(entry, sql.append(" ORDER BY ").append(TableLayout.names(key)).toString(), values, reader);
        return last;
    }

    /** The column's name in this replica, quoted, for a filter. */
    public String name(String topic, Column column) {
        return name(entry(topic), column);
    }

    /** The key that is {@code limit} rows further on; empty if there are fewer. */
    private Optional<Object[]> keyAt(TableEntry entry, Optional<Object[]> after, int limit) {
        List<LayoutColumn> key = entry.layout().keyColumns();
        String sql = "SELECT " + TableLayout.names(key) + " FROM " + TableId.quote(entry.name())
                + (after.isPresent() ? " WHERE " + compare(key, ">") : "") + " ORDER BY " + TableLayout.names(key)
                + " LIMIT 1 OFFSET " + (limit - 1);
        ValueKind[] kinds = entry.layout().key().stream()
                .map(i -> entry.schema().copiedColumns().get(i).kind())
                .toArray(ValueKind[]::new);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, after.map(List::of).orElse(List.of()));
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                Object[] values = new Object[kinds.length];
                for (int i = 0; i < values.length; i++) {
                    Object value = value(rows, i + 1, kinds[i]);
                    if (value == null) {
                        throw new IllegalStateException(
                                "a key of " + entry.schema().id() + " is null");
                    }
                    values[i] = value;
                }
                return Optional.of(values);
            }
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Table " + entry.schema().id());
        }
    }

    private static String compare(List<LayoutColumn> key, String operator) {
        return "(" + TableLayout.names(key) + ") " + operator + " ("
                + key.stream().map(c -> "?").collect(Collectors.joining(", ")) + ")";
    }

    private void read(TableEntry entry, String sql, List<Object> values, Consumer<@Nullable Object[]> reader) {
        ValueKind[] kinds =
                entry.schema().copiedColumns().stream().map(Column::kind).toArray(ValueKind[]::new);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    @Nullable Object[] row = new @Nullable Object[kinds.length];
                    for (int i = 0; i < kinds.length; i++) {
                        row[i] = value(rows, i + 1, kinds[i]);
                    }
                    reader.accept(row);
                }
            }
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Table " + entry.schema().id());
        }
    }

    private static void bind(PreparedStatement statement, List<Object> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
    }

    private static @Nullable Object value(ResultSet rows, int index, ValueKind kind) throws SQLException {
        return switch (kind) {
            case INTEGER, BOOLEAN -> {
                long number = rows.getLong(index);
                yield number == 0 && rows.wasNull() ? null : (Object) number;
            }
            case FLOAT -> rows.getObject(index);
            case BYTES -> rows.getBytes(index);
            case TEXT -> rows.getString(index);
        };
    }

    private static String select(TableEntry entry) {
        return "SELECT " + TableLayout.names(entry.layout().columns()) + " FROM " + TableId.quote(entry.name());
    }

    private static String name(TableEntry entry, Column column) {
        return entry.layout().columns().stream()
                .filter(c -> c.attnum() == column.attnum())
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(entry.schema().id() + " has no column " + column.name()))
                .quoted();
    }

    private TableEntry entry(String topic) {
        return catalog.byTopic(topic)
                .orElseThrow(() -> new IllegalArgumentException("the replica has no table of topic " + topic));
    }
}
