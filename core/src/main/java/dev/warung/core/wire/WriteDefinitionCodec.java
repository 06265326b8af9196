package dev.warung.core.wire;

import static dev.warung.core.wire.ControlCodec.JSON;
import static dev.warung.core.wire.ControlCodec.lower;
import static dev.warung.core.wire.ControlCodec.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.core.change.TableId;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.upload.WriteDefinition;
import dev.warung.core.upload.WritePolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The column {@code definition} of {@code warung.writes} ↔ {@link WriteDefinition}. {@code {"conflict":"manual","delta":["stok"]}} is a
 * definition, and so is {@code {}}; {@code {"conflict":"later"}} is refused. A field that is not known is refused too.
 */
public final class WriteDefinitionCodec {

    private static final Set<String> FIELDS = Set.of(
            "conflict", "delete", "whole_row", "updated_at", "rules", "assigned", "generated", "delta", "references");

    private WriteDefinitionCodec() {}

    public static String encode(WriteDefinition definition) {
        WritePolicy policy = definition.policy();
        ObjectNode node = JSON.createObjectNode();
        node.put("conflict", lower(policy.conflict()));
        node.put("delete", lower(policy.delete()));
        node.put("whole_row", policy.wholeRow());
        policy.updatedAt().ifPresent(column -> node.put("updated_at", column));
        ObjectNode rules = node.putObject("rules");
        for (WritePolicy.Rule rule : policy.rules()) {
            ObjectNode one = rules.putObject(rule.name()).put("check", rule.check());
            rule.message().ifPresent(message -> one.put("message", message));
        }
        putTable(node, definition.table());
        return node.toString();
    }

    /** @throws IllegalArgumentException if the text is not a definition */
    public static WriteDefinition decode(TableId table, String definition) {
        JsonNode node = ControlCodec.tree(definition.getBytes(StandardCharsets.UTF_8), "definition of writes");
        node.properties().forEach(field -> {
            if (!FIELDS.contains(field.getKey())) {
                throw new IllegalArgumentException("unknown field '" + field.getKey() + "'");
            }
        });
        WritePolicy.Conflict conflict =
                WritePolicy.Conflict.valueOf(upper(node.path("conflict").asText("newest_wins")));
        WritePolicy.Delete delete =
                WritePolicy.Delete.valueOf(upper(node.path("delete").asText("delete_wins")));
        List<WritePolicy.Rule> rules = new ArrayList<>();
        node.path("rules")
                .properties()
                .forEach(rule -> rules.add(new WritePolicy.Rule(
                        rule.getKey(), text(rule.getValue(), "check"), optional(rule.getValue(), "message"))));
        WritePolicy policy = new WritePolicy(
                conflict, delete, node.path("whole_row").asBoolean(false), optional(node, "updated_at"), rules);
        return new WriteDefinition(table(table, node), policy);
    }

    static ObjectNode tree(WritableTable table) {
        ObjectNode node = JSON.createObjectNode().put("table", table.table().toString());
        putTable(node, table);
        return node;
    }

    static List<WritableTable> tables(JsonNode list) {
        List<WritableTable> tables = new ArrayList<>();
        list.forEach(node -> tables.add(table(TableId.parse(text(node, "table")), node)));
        return tables;
    }

    private static void putTable(ObjectNode node, WritableTable table) {
        table.assigned().ifPresent(column -> node.put("assigned", column));
        table.generated().forEach(node.putArray("generated")::add);
        table.delta().forEach(node.putArray("delta")::add);
        ArrayNode references = node.putArray("references");
        for (WritableTable.Reference reference : table.references()) {
            ObjectNode one = references.addObject();
            reference.columns().forEach(one.putArray("columns")::add);
            one.put("table", reference.table().toString());
            reference.key().forEach(one.putArray("key")::add);
        }
    }

    private static WritableTable table(TableId id, JsonNode node) {
        List<WritableTable.Reference> references = new ArrayList<>();
        node.path("references")
                .forEach(reference -> references.add(new WritableTable.Reference(
                        texts(reference, "columns"),
                        TableId.parse(text(reference, "table")),
                        texts(reference, "key"))));
        return new WritableTable(
                id, optional(node, "assigned"), texts(node, "generated"), texts(node, "delta"), references);
    }

    private static Optional<String> optional(JsonNode node, String field) {
        return node.hasNonNull(field) ? Optional.of(text(node, field)) : Optional.empty();
    }

    private static List<String> texts(JsonNode node, String field) {
        List<String> texts = new ArrayList<>();
        node.path(field).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }
}
