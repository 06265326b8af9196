package dev.warung.replicator.routing;

import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.shape.BoundShape;
import dev.warung.core.shape.BoundTable;
import dev.warung.core.shape.InstanceId;
import dev.warung.core.value.ValueKind;
import dev.warung.core.wire.ShapeCodec;
import dev.warung.core.wire.ShapeRecord;
import dev.warung.core.wire.ShapeSchema;
import dev.warung.replicator.routing.match.RoutedShape;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A shape that can be routed now: bound to the present descriptions of its tables. Never changes. */
final class ShapePlan {

    private final BoundShape bound;
    private final RoutedShape routed;
    private final List<TablePlan> tables;
    private final String description;

    private ShapePlan(BoundShape bound, List<TablePlan> tables) {
        this.bound = bound;
        this.tables = tables;
        this.description = checksum(bound.description());
        this.routed = new RoutedShape(
                bound.name(),
                bound.shape().parameters(),
                bound.tables().stream()
                        .map(t -> new RoutedShape.Table(t.table(), t.where(), t.columns()))
                        .toList());
    }

    /**
     * How rows of one table become records.
     *
     * @param kinds of the copied columns
     * @param positions of the selected columns in a row
     * @param key positions of the key columns in a row, in key order
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never a map key
    record TablePlan(TableSchema schema, ValueKind[] kinds, int[] positions, int[] key) {

        byte[] keyOf(int table, @Nullable Object[] row) {
            return ShapeCodec.encodeKey(table, kinds, key, row);
        }

        byte[] valueOf(@Nullable Object[] row) {
            return ShapeCodec.encodeRow(kinds, positions, row);
        }

        Object[] keyValues(@Nullable Object[] row) {
            Object[] values = new Object[key.length];
            for (int i = 0; i < key.length; i++) {
                Object value = row[key[i]];
                if (value == null) {
                    throw new IllegalStateException("a key of " + schema.id() + " is null");
                }
                values[i] = value;
            }
            return values;
        }
    }

    static ShapePlan of(BoundShape bound) {
        return new ShapePlan(bound, bound.tables().stream().map(ShapePlan::plan).toList());
    }

    private static TablePlan plan(BoundTable table) {
        return new TablePlan(
                table.table(),
                table.table().copiedColumns().stream().map(Column::kind).toArray(ValueKind[]::new),
                table.positions().stream().mapToInt(Integer::intValue).toArray(),
                table.table().keyPositions());
    }

    BoundShape bound() {
        return bound;
    }

    RoutedShape routed() {
        return routed;
    }

    List<TablePlan> tables() {
        return tables;
    }

    /** Changes when the rows or columns of its instances may. */
    String description() {
        return description;
    }

    /** What the topic of an instance says first. */
    ShapeSchema schema(InstanceId instance, int generation, ShapeSchema.Keep keep) {
        Map<String, String> parameters = new LinkedHashMap<>();
        List<String> names = bound.shape().parameters();
        for (int i = 0; i < names.size(); i++) {
            parameters.put(names.get(i), instance.values().get(i));
        }
        return schema(bound.name(), parameters, generation, keep);
    }

    private ShapeSchema schema(String shape, Map<String, String> parameters, int generation, ShapeSchema.Keep keep) {
        return new ShapeSchema(
                shape,
                parameters,
                generation,
                bound.tables().stream()
                        .map(t -> new ShapeSchema.Table(
                                t.table().id(),
                                t.columns().stream()
                                        .map(c ->
                                                new ShapeSchema.ShapeColumn(c.name(), c.type(), c.kind(), c.notNull()))
                                        .toList(),
                                t.table().key()))
                        .toList(),
                keep);
    }

    /** The key of a row as a record of the shape's topics has it, back to values. */
    Object[] keyValues(byte[] key) {
        ShapeCodec codec = new ShapeCodec(schema(bound.name(), Map.of(), 1, new ShapeSchema.Keep(0, 0)));
        if (codec.decode(key, null) instanceof ShapeRecord.Gone gone) {
            return gone.key();
        }
        throw new IllegalArgumentException("not the key of a row");
    }

    /** Whether rows mean the same and lie the same in both: then one can stand for the other. */
    boolean isSame(ShapePlan other) {
        return description.equals(other.description)
                && bound.shape().equals(other.bound.shape())
                && schemas().equals(other.schemas());
    }

    private List<TableSchema> schemas() {
        List<TableSchema> schemas = new ArrayList<>();
        for (BoundTable table : bound.tables()) {
            schemas.add(table.table());
            table.where().ifPresent(where -> where.subSelects().forEach(select -> schemas.add(select.table())));
        }
        return schemas;
    }

    private static String checksum(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
