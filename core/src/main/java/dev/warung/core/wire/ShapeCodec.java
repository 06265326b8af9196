package dev.warung.core.wire;

import static dev.warung.core.wire.ControlCodec.JSON;
import static dev.warung.core.wire.ControlCodec.required;
import static dev.warung.core.wire.ControlCodec.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import dev.warung.core.value.PgValues;
import dev.warung.core.value.ValueKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records of one shape topic ↔ bytes. Rows are JSON arrays: key {@code [0,7]}, value {@code [7,"Kopi",12]}; a key {@code [9,7]} of a shape
 * with two tables is refused.
 *
 * <p>Thread: any; it holds no state but the schema.
 */
public final class ShapeCodec {

    /** Reserved keys are JSON strings, so no row's key equals one. */
    private static final String SCHEMA_KEY = "\"__schema__\"";

    private static final String END_KEY = "\"__end__\"";
    private static final String TRUNCATE_KEY = "\"__truncate__.";
    private static final byte[] NOTHING = JsonBytes.ascii("{}");
    private static final int VALUE_BYTES = 24;

    private final ShapeSchema schema;
    private final int[][] keys;
    private final ValueKind[][] kinds;

    public ShapeCodec(ShapeSchema schema) {
        this.schema = schema;
        this.keys =
                schema.tables().stream().map(ShapeSchema.Table::keyPositions).toArray(int[][]::new);
        this.kinds = schema.tables().stream()
                .map(t ->
                        t.columns().stream().map(ShapeSchema.ShapeColumn::kind).toArray(ValueKind[]::new))
                .toArray(ValueKind[][]::new);
    }

    public ShapeSchema schema() {
        return schema;
    }

    public static byte[] schemaKey() {
        return SCHEMA_KEY.getBytes(StandardCharsets.US_ASCII);
    }

    public static byte[] endKey() {
        return END_KEY.getBytes(StandardCharsets.US_ASCII);
    }

    public static byte[] truncateKey(int table) {
        return (TRUNCATE_KEY + table + "\"").getBytes(StandardCharsets.US_ASCII);
    }

    public static byte[] truncateValue() {
        return NOTHING.clone();
    }

    /**
     * The key of a row.
     *
     * @param positions where the key's values stand in {@code row}, in key order
     */
    public static byte[] encodeKey(int table, ValueKind[] kindsOfRow, int[] positions, @Nullable Object[] row) {
        JsonBytes json = new JsonBytes(VALUE_BYTES * (positions.length + 1));
        json.raw('[');
        json.number(table);
        for (int position : positions) {
            json.raw(',');
            write(json, kindsOfRow[position], row[position]);
        }
        json.raw(']');
        return json.toByteArray();
    }

    /**
     * The value of a row.
     *
     * @param positions where the shape's columns stand in {@code row}
     */
    public static byte[] encodeRow(ValueKind[] kindsOfRow, int[] positions, @Nullable Object[] row) {
        JsonBytes json = new JsonBytes(VALUE_BYTES * positions.length + 2);
        char before = '[';
        for (int position : positions) {
            json.raw(before);
            write(json, kindsOfRow[position], row[position]);
            before = ',';
        }
        json.raw(']');
        return json.toByteArray();
    }

    public static byte[] encode(ShapeSchema schema) {
        ObjectNode node = JSON.createObjectNode();
        node.put("shape", schema.shape());
        ObjectNode parameters = node.putObject("parameters");
        schema.parameters().forEach(parameters::put);
        node.put("generation", schema.generation());
        ArrayNode tables = node.putArray("tables");
        for (ShapeSchema.Table table : schema.tables()) {
            ObjectNode one = tables.addObject();
            one.put("schema", table.id().schema()).put("name", table.id().name());
            ArrayNode columns = one.putArray("columns");
            for (ShapeSchema.ShapeColumn column : table.columns()) {
                columns.addObject()
                        .put("name", column.name())
                        .put("type", column.type())
                        .put("kind", ControlCodec.lower(column.kind()))
                        .put("not_null", column.notNull());
            }
            table.key().forEach(one.putArray("key")::add);
        }
        node.put("compaction_lag_ms", schema.keep().versionsMs());
        node.put("delete_retention_ms", schema.keep().deletesMs());
        return ControlCodec.bytes(node);
    }

    public static byte[] encode(ShapeRecord.End end) {
        return ControlCodec.bytes(JSON.createObjectNode()
                .put("id", end.id().toString())
                .put("commit", end.commit().toString())
                .put("committed_at_us", end.committedAtUs()));
    }

    /** Whether a key is that of the topic's description, which is read without a codec. */
    public static boolean isSchemaKey(byte[] key) {
        return isText(key, SCHEMA_KEY);
    }

    /** @throws IllegalArgumentException if the bytes are not a shape's description */
    public static ShapeSchema decodeSchema(byte[] bytes) {
        JsonNode node = ControlCodec.tree(bytes, "description of a shape");
        Map<String, String> parameters = new LinkedHashMap<>();
        required(node, "parameters")
                .properties()
                .forEach(e -> parameters.put(e.getKey(), e.getValue().asText()));
        List<ShapeSchema.Table> tables = new ArrayList<>();
        for (JsonNode table : required(node, "tables")) {
            tables.add(table(table));
        }
        return new ShapeSchema(
                text(node, "shape"),
                parameters,
                required(node, "generation").intValue(),
                tables,
                new ShapeSchema.Keep(
                        required(node, "compaction_lag_ms").longValue(),
                        required(node, "delete_retention_ms").longValue()));
    }

    /**
     * What a record says.
     *
     * @param value null for a row that is gone
     * @throws IllegalArgumentException if the bytes are not a record of this shape
     */
    public ShapeRecord decode(byte[] key, byte @Nullable [] value) {
        if (key.length > 0 && key[0] == '[') {
            return decodeRow(key, value);
        }
        if (value == null) {
            throw malformed("a reserved key without a value", null);
        }
        if (isSchemaKey(key)) {
            return new ShapeRecord.Description(decodeSchema(value));
        }
        if (isText(key, END_KEY)) {
            return decodeEnd(value);
        }
        String text = new String(key, StandardCharsets.UTF_8);
        if (text.startsWith(TRUNCATE_KEY) && text.endsWith("\"")) {
            return new ShapeRecord.Truncate(
                    table(Integer.parseInt(text.substring(TRUNCATE_KEY.length(), text.length() - 1))));
        }
        throw malformed("its key is " + text, null);
    }

    private static ShapeRecord.End decodeEnd(byte[] value) {
        JsonNode node = ControlCodec.tree(value, "end mark");
        return new ShapeRecord.End(
                ChangeId.parse(text(node, "id")),
                Lsn.parse(text(node, "commit")),
                required(node, "committed_at_us").longValue());
    }

    private ShapeRecord decodeRow(byte[] key, byte @Nullable [] value) {
        try (JsonParser json = RowCodec.JSON.createParser(key)) {
            json.nextToken();
            if (json.nextToken() != JsonToken.VALUE_NUMBER_INT) {
                throw malformed("its key does not begin with a table's number", null);
            }
            int table = table(json.getIntValue());
            if (value != null) {
                return new ShapeRecord.Row(table, decodeValues(kinds[table], value));
            }
            Object[] values = new Object[keys[table].length];
            for (int i = 0; i < values.length; i++) {
                Object one = RowCodec.readValue(json, json.nextToken(), kinds[table][keys[table][i]]);
                if (one == null) {
                    throw malformed("its key has a null", null);
                }
                values[i] = one;
            }
            if (json.nextToken() != JsonToken.END_ARRAY) {
                throw malformed("its key does not have " + values.length + " values", null);
            }
            return new ShapeRecord.Gone(table, values);
        } catch (IOException e) {
            throw malformed("its key is not JSON", e);
        }
    }

    private @Nullable Object[] decodeValues(ValueKind[] columns, byte[] bytes) {
        try (JsonParser json = RowCodec.JSON.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw malformed("its value is not a JSON array", null);
            }
            @Nullable Object[] values = new @Nullable Object[columns.length];
            for (int i = 0; i < values.length; i++) {
                JsonToken token = json.nextToken();
                if (token == JsonToken.END_ARRAY) {
                    throw malformed("its value has " + i + " columns, not " + values.length, null);
                }
                values[i] = RowCodec.readValue(json, token, columns[i]);
            }
            if (json.nextToken() != JsonToken.END_ARRAY) {
                throw malformed("its value does not have " + values.length + " columns", null);
            }
            return values;
        } catch (IOException e) {
            throw malformed("its value is not JSON", e);
        }
    }

    private static void write(JsonBytes json, ValueKind kind, @Nullable Object value) {
        if (value == null) {
            json.nothing();
        } else if (value instanceof Long number) {
            if (kind == ValueKind.BOOLEAN) {
                json.bool(number != 0);
            } else {
                json.number(number);
            }
        } else if (value instanceof Double number) {
            json.number(number.toString());
        } else if (value instanceof byte[] bytes) {
            json.string(PgValues.fromSqlite(ValueKind.BYTES, bytes));
        } else {
            json.string((String) value);
        }
    }

    private static ShapeSchema.Table table(JsonNode node) {
        List<ShapeSchema.ShapeColumn> columns = new ArrayList<>();
        for (JsonNode column : required(node, "columns")) {
            columns.add(new ShapeSchema.ShapeColumn(
                    text(column, "name"),
                    text(column, "type"),
                    ValueKind.valueOf(text(column, "kind").toUpperCase(Locale.ROOT)),
                    required(column, "not_null").booleanValue()));
        }
        List<String> key = new ArrayList<>();
        required(node, "key").forEach(name -> key.add(name.asText()));
        return new ShapeSchema.Table(new TableId(text(node, "schema"), text(node, "name")), columns, key);
    }

    private int table(int number) {
        if (number < 0 || number >= keys.length) {
            throw malformed("it names table " + number + " of " + keys.length, null);
        }
        return number;
    }

    private static boolean isText(byte[] key, String text) {
        if (key.length != text.length()) {
            return false;
        }
        for (int i = 0; i < key.length; i++) {
            if (key[i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private IllegalArgumentException malformed(String what, @Nullable IOException cause) {
        return new IllegalArgumentException("not a record of shape " + schema.shape() + ": " + what, cause);
    }
}
