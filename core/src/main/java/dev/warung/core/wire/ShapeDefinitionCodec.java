package dev.warung.core.wire;

import static dev.warung.core.wire.ControlCodec.JSON;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.core.change.TableId;
import dev.warung.core.shape.Shape;
import dev.warung.core.shape.ShapeException;
import dev.warung.core.shape.ShapeProblem;
import dev.warung.core.shape.ShapeTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The column {@code definition} of {@code warung.shapes} ↔ {@link Shape}. {@code {"tables":[{"table":"public.orders"}]}} is a definition;
 * {@code {"table":"orders"}} is refused. Fields that are not known are refused too: a misspelt {@code where} must not show all rows.
 *
 * <p>Thread: one; used once.
 */
public final class ShapeDefinitionCodec {

    private static final Set<String> FIELDS = Set.of("parameters", "tables", "writable");
    private static final Set<String> TABLE_FIELDS = Set.of("table", "columns", "where");

    private final String shape;
    private final List<ShapeProblem> problems = new ArrayList<>();

    private ShapeDefinitionCodec(String shape) {
        this.shape = shape;
    }

    public static String encode(Shape shape) {
        ObjectNode node = JSON.createObjectNode();
        if (!shape.parameters().isEmpty()) {
            shape.parameters().forEach(node.putArray("parameters")::add);
        }
        ArrayNode tables = node.putArray("tables");
        for (ShapeTable table : shape.tables()) {
            ObjectNode one = tables.addObject().put("table", table.table().toString());
            if (!table.columns().isEmpty()) {
                table.columns().forEach(one.putArray("columns")::add);
            }
            table.where().ifPresent(where -> one.put("where", where));
        }
        if (!shape.writable().isEmpty()) {
            ArrayNode writable = node.putArray("writable");
            shape.writable().forEach(table -> writable.add(table.toString()));
        }
        return node.toString();
    }

    /** @throws ShapeException with all problems, if the text is not a definition */
    public static Shape decode(String name, String definition) {
        ShapeDefinitionCodec codec = new ShapeDefinitionCodec(name);
        Shape shape = codec.shape(codec.tree(definition));
        if (!codec.problems.isEmpty()) {
            throw new ShapeException(codec.problems);
        }
        return shape;
    }

    private JsonNode tree(String definition) {
        try {
            JsonNode node = JSON.readTree(definition);
            if (node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw new ShapeException(List.of(ShapeProblem.of(shape, "its definition is not JSON")));
        }
        throw new ShapeException(List.of(ShapeProblem.of(shape, "its definition is not a JSON object")));
    }

    private Shape shape(JsonNode node) {
        checkFields("the definition", node, FIELDS);
        List<ShapeTable> tables = new ArrayList<>();
        JsonNode declared = node.path("tables");
        if (!declared.isArray()) {
            report("tables must be a list");
        }
        for (JsonNode table : declared) {
            table(table).ifPresent(tables::add);
        }
        List<TableId> writable =
                texts(node, "writable").stream().map(TableId::parse).toList();
        return new Shape(shape, texts(node, "parameters"), tables, writable);
    }

    private Optional<ShapeTable> table(JsonNode node) {
        if (!node.path("table").isTextual()) {
            report("each of tables needs a table: {\"table\":\"public.orders\"}");
            return Optional.empty();
        }
        String name = node.path("table").textValue();
        checkFields("table " + name, node, TABLE_FIELDS);
        List<String> columns = texts(node, "columns");
        if (node.has("columns") && columns.isEmpty()) {
            report("table " + name + ": columns is empty; leave it out for all columns");
        }
        JsonNode where = node.path("where");
        if (node.has("where") && !where.isTextual()) {
            report("table " + name + ": where must be a text");
        }
        return Optional.of(new ShapeTable(TableId.parse(name), columns, Optional.ofNullable(where.textValue())));
    }

    private void checkFields(String what, JsonNode node, Set<String> allowed) {
        node.properties().forEach(field -> {
            if (!allowed.contains(field.getKey())) {
                report(what + " has an unknown field " + field.getKey());
            }
        });
    }

    private List<String> texts(JsonNode node, String field) {
        List<String> texts = new ArrayList<>();
        JsonNode list = node.path(field);
        boolean isMissing = list.isMissingNode();
        if (!isMissing && !list.isArray()) {
            report(field + " must be a list of texts");
        }
        for (JsonNode element : list.isArray() ? list : JSON.createArrayNode()) {
            if (element.isTextual()) {
                texts.add(element.textValue());
            } else {
                report(field + " must be a list of texts, but holds " + element);
            }
        }
        return texts;
    }

    private void report(String message) {
        problems.add(ShapeProblem.of(shape, message));
    }
}
