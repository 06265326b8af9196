package dev.warung.outlet.simulation;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.value.ValueKind;
import dev.warung.core.wire.ShapeSchema.ShapeColumn;
import dev.warung.core.wire.ShapeSchema.Table;
import dev.warung.core.wire.UploadCodec;
import dev.warung.outlet.simulation.Server.Row;
import dev.warung.outlet.write.KeyText;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An outlet's file as other programs see it: the application, and whoever checks. */
final class OutletFile implements AutoCloseable {

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    OutletFile(Path file) {
        try {
            this.connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            run("PRAGMA synchronous=OFF");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param waits whether it is not to be seen yet */
    record Base(Optional<RowImage> image, boolean waits) {}

    record FileOp(
            long seq,
            UUID id,
            Row row,
            String kind,
            Optional<RowImage> before,
            Optional<RowImage> after,
            String state,
            boolean isOpen,
            String result) {}

    @FunctionalInterface
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** @return how many rows were changed */
    int run(String sql, @Nullable Object... values) {
        try {
            PreparedStatement statement = bound(sql, values);
            return statement.execute() ? 0 : statement.getUpdateCount();
        } catch (SQLException e) {
            throw new IllegalStateException(sql + ": " + e.getMessage(), e);
        }
    }

    <T> List<T> list(String sql, Reader<T> reader, @Nullable Object... values) {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(reader.read(rows));
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException(sql + ": " + e.getMessage(), e);
        }
    }

    long number(String sql) {
        return list(sql, row -> row.getLong(1)).stream().findFirst().orElse(0L);
    }

    /** What can be seen of a table, by key. */
    Map<Row, RowImage> rows(Table table) {
        Map<Row, RowImage> rows = new LinkedHashMap<>();
        list("SELECT * FROM " + name(table), row -> image(table, row))
                .forEach(image -> rows.put(new Row(table.id(), Shop.key(table, image)), image));
        return rows;
    }

    Optional<RowImage> row(Row place) {
        Table table = table(place.table());
        String where = table.key().stream().map(c -> c + " = ?").collect(Collectors.joining(" AND "));
        return list(
                        "SELECT * FROM " + name(table) + " WHERE " + where,
                        row -> image(table, row),
                        place.key().toArray())
                .stream()
                .findFirst();
    }

    Map<Row, Base> bases() {
        Map<Row, Base> bases = new HashMap<>();
        list("SELECT tbl, row_key, base, waits FROM _warung_base", row -> {
            bases.put(place(row.getString(1), row.getString(2)), base(row.getString(3), row.getLong(4)));
            return true;
        });
        return bases;
    }

    Optional<Base> base(Row place) {
        return list(
                        "SELECT base, waits FROM _warung_base WHERE tbl = ? AND row_key = ?",
                        row -> base(row.getString(1), row.getLong(2)),
                        place.table().toString(),
                        KeyText.of(place.key()))
                .stream()
                .findFirst();
    }

    List<FileOp> openOps() {
        return list("SELECT * FROM _warung_ops WHERE open = 1 ORDER BY seq", OutletFile::op);
    }

    List<FileOp> opsAfter(long seq) {
        return list("SELECT * FROM _warung_ops WHERE seq > ? ORDER BY seq", OutletFile::op, seq);
    }

    Optional<FileOp> op(UUID id) {
        return list("SELECT * FROM _warung_ops WHERE op = ?", OutletFile::op, id.toString()).stream()
                .findFirst();
    }

    Set<UUID> openIds() {
        return new HashSet<>(
                list("SELECT op FROM _warung_ops WHERE open = 1", row -> UUID.fromString(row.getString(1))));
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FileOp op(ResultSet row) throws SQLException {
        return new FileOp(
                row.getLong("seq"),
                UUID.fromString(row.getString("op")),
                place(row.getString("tbl"), row.getString("row_key")),
                row.getString("kind"),
                json(row.getString("before")),
                json(row.getString("after")),
                row.getString("state"),
                row.getInt("open") == 1,
                String.valueOf(row.getString("result")));
    }

    private static Row place(String table, String key) {
        List<Object> values = new ArrayList<>();
        KeyText.read(key).forEach(value -> values.add(Objects.requireNonNull(value)));
        return new Row(TableId.parse(table), values);
    }

    private static Base base(@Nullable String json, long waits) {
        return new Base(json(json), waits > 0);
    }

    private static Optional<RowImage> json(@Nullable String json) {
        return Optional.ofNullable(json).map(UploadCodec::row);
    }

    private static RowImage image(Table table, ResultSet row) throws SQLException {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        int place = 0;
        for (ShapeColumn column : table.columns()) {
            Object value = row.getObject(++place);
            if (value instanceof Number number) {
                value = column.kind() == ValueKind.BOOLEAN ? (Object) (number.longValue() != 0) : number.longValue();
            }
            values.put(column.name(), value);
        }
        return new RowImage(values);
    }

    private static String name(Table table) {
        return TableId.quote(table.id().replicaName());
    }

    private static Table table(TableId id) {
        return Objects.requireNonNull(Shop.TABLES.get(id));
    }

    private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}
