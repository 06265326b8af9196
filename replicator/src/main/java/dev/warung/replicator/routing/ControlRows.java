package dev.warung.replicator.routing;

import static dev.warung.core.schema.ControlRows.OUTLETS;
import static dev.warung.core.schema.ControlRows.SHAPES;
import static dev.warung.core.schema.ControlRows.WRITES;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.shape.BoundShape;
import dev.warung.core.shape.Outlet;
import dev.warung.core.shape.Shape;
import dev.warung.core.shape.ShapeException;
import dev.warung.core.shape.SyncShape;
import dev.warung.core.upload.WriteDefinition;
import dev.warung.core.where.bind.Tables;
import dev.warung.core.wire.ShapeDefinitionCodec;
import dev.warung.core.wire.WriteDefinitionCodec;
import dev.warung.replicator.backup.BackupReplica;
import dev.warung.replicator.backup.TableRows;
import dev.warung.replicator.backup.TableStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads from the replica what shapes and outlets there are. Used only by the replicator thread. */
final class ControlRows {

    private final BackupReplica replica;

    ControlRows(BackupReplica replica) {
        this.replica = replica;
    }

    /**
     * The shapes.
     *
     * @param plans those that can be routed, by name
     * @param broken why the others cannot, by name
     * @param writes how tables take what outlets write
     */
    record Shapes(Map<String, ShapePlan> plans, Map<String, String> broken, Map<TableId, WriteDefinition> writes) {

        static final Shapes NONE = new Shapes(Map.of(), Map.of(), Map.of());
    }

    /** The topics of the tables that say what shapes and outlets there are. */
    Set<String> topics() {
        Map<TableId, TableSchema> tables = tables();
        Set<String> topics = new HashSet<>();
        for (TableId table : List.of(SHAPES, OUTLETS, WRITES)) {
            TableSchema schema = tables.get(table);
            if (schema != null) {
                topics.add(schema.topic());
            }
        }
        return topics;
    }

    /** The tables as outlets may have them: those that are visible, with their present descriptions. */
    Map<TableId, TableSchema> tables() {
        Map<TableId, TableSchema> tables = new LinkedHashMap<>();
        for (TableStatus table : replica.tables()) {
            if (table.isVisible()) {
                tables.put(table.schema().id(), table.schema());
            }
        }
        return tables;
    }

    Shapes shapes() {
        Map<TableId, TableSchema> tables = tables();
        Tables known = (schema, name) -> Optional.ofNullable(tables.get(new TableId(schema.orElse("public"), name)));
        Map<String, ShapePlan> plans = new TreeMap<>();
        Map<String, String> broken = new TreeMap<>();
        for (Map<String, String> row : rows(tables, SHAPES)) {
            String name = row.getOrDefault("name", "");
            try {
                Shape shape = ShapeDefinitionCodec.decode(name, row.getOrDefault("definition", ""));
                plans.put(name, ShapePlan.of(BoundShape.bind(shape, known)));
            } catch (ShapeException | IllegalArgumentException e) {
                broken.put(name, String.valueOf(e.getMessage()));
            }
        }
        if (SyncShape.SHAPE.tables().stream().allMatch(table -> tables.containsKey(table.table()))) {
            plans.put(SyncShape.NAME, ShapePlan.of(BoundShape.bind(SyncShape.SHAPE, known)));
        }
        return new Shapes(plans, broken, writes(tables, broken));
    }

    private Map<TableId, WriteDefinition> writes(Map<TableId, TableSchema> tables, Map<String, String> broken) {
        Map<TableId, WriteDefinition> writes = new TreeMap<>();
        for (Map<String, String> row : rows(tables, WRITES)) {
            TableId table = TableId.parse(row.getOrDefault("table_name", ""));
            try {
                writes.put(table, WriteDefinitionCodec.decode(table, row.getOrDefault("definition", "")));
            } catch (IllegalArgumentException e) {
                broken.put("writes of " + table, String.valueOf(e.getMessage()));
            }
        }
        return writes;
    }

    List<Outlet> outlets() {
        List<Outlet> outlets = new ArrayList<>();
        for (Map<String, String> row : rows(tables(), OUTLETS)) {
            outlets.add(new Outlet(
                    row.getOrDefault("id", ""),
                    row.getOrDefault("code", ""),
                    row.getOrDefault("name", ""),
                    Outlet.attributesOf(row.getOrDefault("attributes", "{}")),
                    row.getOrDefault("enabled", "0").equals("1"),
                    Integer.parseInt(row.getOrDefault("generation", "1"))));
        }
        return outlets;
    }

    /** Rows as texts by column, without what is NULL. */
    private List<Map<String, String>> rows(Map<TableId, TableSchema> tables, TableId table) {
        TableSchema schema = tables.get(table);
        if (schema == null) {
            return List.of();
        }
        List<Column> columns = schema.copiedColumns();
        List<Map<String, String>> rows = new ArrayList<>();
        TableRows reader = replica.rows();
        reader.all(schema.topic(), row -> {
            Map<String, String> texts = new LinkedHashMap<>();
            for (int i = 0; i < row.length; i++) {
                @Nullable Object value = row[i];
                if (value != null) {
                    texts.put(columns.get(i).name(), value.toString());
                }
            }
            rows.add(texts);
        });
        return rows;
    }
}
