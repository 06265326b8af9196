package dev.warung.core.wire;

import static dev.warung.core.wire.ControlCodec.JSON;
import static dev.warung.core.wire.ControlCodec.required;
import static dev.warung.core.wire.ControlCodec.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.core.change.TableId;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.IndexDef;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Schema records ↔ JSON bytes. {@code {"kind":"epoch","epoch":2}} is one; {@code {"kind":"view"}} is refused. */
public final class SchemaCodec {

    private SchemaCodec() {}

    public static byte[] encode(SchemaRecord schemaRecord) {
        ObjectNode node = JSON.createObjectNode();
        if (schemaRecord instanceof SchemaRecord.EpochComplete complete) {
            node.put("kind", "epoch").put("epoch", complete.epoch());
        } else if (schemaRecord instanceof SchemaRecord.Table table) {
            node.put("kind", "table");
            node.put("state", ControlCodec.lower(table.state()));
            node.put("reason", table.reason());
            node.put("since_ms", table.sinceMs());
            node.set("table", tree(table.schema()));
        }
        return ControlCodec.bytes(node);
    }

    /** @throws IllegalArgumentException if the bytes are not a schema record */
    public static SchemaRecord decode(byte[] bytes) {
        JsonNode node = ControlCodec.tree(bytes, "schema record");
        String kind = text(node, "kind");
        return switch (kind) {
            case "epoch" ->
                new SchemaRecord.EpochComplete(required(node, "epoch").intValue());
            case "table" ->
                new SchemaRecord.Table(
                        table(required(node, "table")),
                        SchemaRecord.State.valueOf(text(node, "state").toUpperCase(Locale.ROOT)),
                        text(node, "reason"),
                        required(node, "since_ms").longValue());
            default -> throw new IllegalArgumentException("unknown kind of schema record '" + kind + "'");
        };
    }

    /** A table's description as text, for a replica's own catalogue. */
    public static String describe(TableSchema schema) {
        return tree(schema).toString();
    }

    /** The reverse of {@link #describe}. @throws IllegalArgumentException if the text is not a description */
    public static TableSchema parse(String description) {
        return table(ControlCodec.tree(description.getBytes(StandardCharsets.UTF_8), "table"));
    }

    private static ObjectNode tree(TableSchema schema) {
        ObjectNode node = JSON.createObjectNode();
        node.put("schema", schema.id().schema());
        node.put("name", schema.id().name());
        node.put("oid", schema.oid());
        node.put("generation", schema.generation());
        node.put("version", schema.version());
        node.put("topic", schema.topic());
        ArrayNode columns = node.putArray("columns");
        for (Column column : schema.columns()) {
            ObjectNode one = columns.addObject();
            one.put("attnum", column.attnum())
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("kind", ControlCodec.lower(column.kind()))
                    .put("not_null", column.notNull())
                    .put("generated", ControlCodec.lower(column.generated()))
                    .put("missing", column.missing());
            putMeaning(one, column.meaning());
        }
        schema.key().forEach(node.putArray("key")::add);
        ArrayNode indexes = node.putArray("indexes");
        for (IndexDef index : schema.indexes()) {
            ObjectNode one = indexes.addObject();
            one.put("name", index.name()).put("unique", index.unique()).put("definition", index.definition());
            index.columns().forEach(one.putArray("columns")::add);
        }
        putCollation(node, schema.collation());
        return node;
    }

    private static void putMeaning(ObjectNode node, TypeMeaning meaning) {
        node.put("base", meaning.base());
        if (!meaning.labels().isEmpty()) {
            meaning.labels().forEach(node.putArray("labels")::add);
        }
        putCollation(node, meaning.collation());
    }

    private static void putCollation(ObjectNode node, Collation collation) {
        if (collation != Collation.LOCALE) {
            node.put("collation", ControlCodec.lower(collation));
        }
    }

    /** Records of before there were these fields say no more than the type's name does. */
    private static TypeMeaning meaning(JsonNode node) {
        String base = node.path("base").asText();
        return base.isEmpty()
                ? TypeMeaning.of(text(node, "type"))
                : new TypeMeaning(base, texts(node.path("labels")), collation(node));
    }

    private static Collation collation(JsonNode node) {
        return Collation.valueOf(node.path("collation").asText("locale").toUpperCase(Locale.ROOT));
    }

    private static TableSchema table(JsonNode node) {
        List<Column> columns = new ArrayList<>();
        for (JsonNode c : required(node, "columns")) {
            JsonNode missing = c.get("missing");
            columns.add(new Column(
                    required(c, "attnum").intValue(),
                    text(c, "name"),
                    text(c, "type"),
                    ValueKind.valueOf(text(c, "kind").toUpperCase(Locale.ROOT)),
                    required(c, "not_null").booleanValue(),
                    Generated.valueOf(text(c, "generated").toUpperCase(Locale.ROOT)),
                    missing == null || missing.isNull() ? null : missing.asText(),
                    meaning(c)));
        }
        List<IndexDef> indexes = new ArrayList<>();
        for (JsonNode i : required(node, "indexes")) {
            indexes.add(new IndexDef(
                    text(i, "name"),
                    required(i, "unique").booleanValue(),
                    texts(required(i, "columns")),
                    text(i, "definition")));
        }
        return new TableSchema(
                new TableId(text(node, "schema"), text(node, "name")),
                required(node, "oid").longValue(),
                required(node, "generation").intValue(),
                required(node, "version").intValue(),
                text(node, "topic"),
                columns,
                texts(required(node, "key")),
                indexes,
                collation(node));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(t -> texts.add(t.asText()));
        return texts;
    }
}
