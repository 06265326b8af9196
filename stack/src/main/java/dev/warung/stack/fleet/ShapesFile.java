package dev.warung.stack.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.warung.core.change.TableId;
import dev.warung.core.shape.Shape;
import dev.warung.core.shape.ShapeProblem;
import dev.warung.core.shape.ShapeTable;
import dev.warung.stack.pipeline.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Shapes as a person wrote them in YAML. {@code shapes: {catalog: {tables: {produk: {}}}}} is a file; {@code catalog: {}} is refused.
 *
 * @param shapes all that could be read
 * @param writes how tables take what outlets write
 * @param problems of the file's form; what the shapes mean is checked later
 */
public record ShapesFile(List<Shape> shapes, List<WritesEntry> writes, List<ShapeProblem> problems) {

    private static final String SHAPES = "shapes";
    private static final String WRITES = "writes";
    private static final Set<String> SHAPE_FIELDS = Set.of("parameters", "tables", "writable");
    private static final Set<String> TABLE_FIELDS = Set.of("columns", "where");
    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    public ShapesFile {
        shapes = List.copyOf(shapes);
        writes = List.copyOf(writes);
        problems = List.copyOf(problems);
    }

    /** @throws StackException if there is no such file, or it is not YAML with shapes */
    public static ShapesFile read(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new StackException("The file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** @throws StackException if the text is not YAML with shapes; {@code name} is what messages call it */
    public static ShapesFile parse(String name, String text) {
        JsonNode root = tree(name, text);
        if (!root.path(SHAPES).isObject()) {
            throw new StackException("The file " + name + " has no shapes. It begins with shapes: and names each one"
                    + " below it; docs/shapes.md has an example.");
        }
        for (String other : (Iterable<String>) root::fieldNames) {
            if (!other.equals(SHAPES) && !other.equals(WRITES)) {
                throw new StackException(
                        "The file " + name + " has the unknown field " + other + " beside shapes and writes.");
            }
        }
        List<Shape> shapes = new ArrayList<>();
        List<ShapeProblem> problems = new ArrayList<>();
        root.path(SHAPES)
                .properties()
                .forEach(entry -> shapes.add(new Reader(entry.getKey(), problems).shape(entry.getValue())));
        List<WritesEntry> writes = new ArrayList<>();
        root.path(WRITES)
                .properties()
                .forEach(entry -> writes.add(WritesEntry.read(entry.getKey(), entry.getValue(), problems)));
        return new ShapesFile(shapes, writes, problems);
    }

    private static JsonNode tree(String name, String text) {
        try {
            return YAML.readTree(text);
        } catch (JsonProcessingException e) {
            String place = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new StackException("The file " + name + " is not YAML" + place + ": " + e.getOriginalMessage(), e);
        }
    }

    /** Of one shape; an empty place in YAML is null or an empty text and means nothing more than an empty object. */
    private record Reader(String shape, List<ShapeProblem> problems) {

        Shape shape(JsonNode node) {
            checkFields(Optional.empty(), node, SHAPE_FIELDS);
            List<ShapeTable> tables = new ArrayList<>();
            JsonNode declared = node.path("tables");
            if (!declared.isMissingNode() && !declared.isObject()) {
                report("tables must be an object with a field for each table, such as {produk: {}}");
            }
            declared.properties().forEach(entry -> tables.add(table(TableId.parse(entry.getKey()), entry.getValue())));
            List<TableId> writable = texts(Optional.empty(), node, "writable").stream()
                    .map(TableId::parse)
                    .toList();
            return new Shape(shape, texts(Optional.empty(), node, "parameters"), tables, writable);
        }

        private ShapeTable table(TableId id, JsonNode node) {
            checkFields(Optional.of(id), node, TABLE_FIELDS);
            List<String> columns = texts(Optional.of(id), node, "columns");
            if (node.has("columns") && columns.isEmpty()) {
                problems.add(ShapeProblem.of(shape, id, "columns is empty; leave it out for all columns"));
            }
            JsonNode where = node.path("where");
            if (node.has("where") && !where.isTextual()) {
                problems.add(ShapeProblem.of(shape, id, "where must be a text: put it in quotes"));
            }
            return new ShapeTable(id, columns, Optional.ofNullable(where.textValue()));
        }

        private void checkFields(Optional<TableId> table, JsonNode node, Set<String> allowed) {
            boolean isEmpty =
                    node.isNull() || (node.isTextual() && node.textValue().isEmpty());
            if (!node.isObject() && !isEmpty) {
                problems.add(new ShapeProblem(shape, table, "it must be an object with the fields " + sorted(allowed)));
            }
            node.properties().forEach(field -> {
                if (!allowed.contains(field.getKey())) {
                    problems.add(new ShapeProblem(
                            shape, table, "unknown field " + field.getKey() + "; it has " + sorted(allowed)));
                }
            });
        }

        private static String sorted(Set<String> names) {
            return String.join(", ", names.stream().sorted().toList());
        }

        private List<String> texts(Optional<TableId> table, JsonNode node, String field) {
            List<String> texts = new ArrayList<>();
            JsonNode list = node.path(field);
            boolean isList = list.isArray();
            if (node.has(field) && !isList) {
                problems.add(new ShapeProblem(shape, table, field + " must be a list, such as [id, nama]"));
            }
            if (isList) {
                list.forEach(element -> {
                    if (element.isTextual()) {
                        texts.add(element.textValue());
                    } else {
                        problems.add(new ShapeProblem(shape, table, field + " holds " + element + ", not a name"));
                    }
                });
            }
            return texts;
        }

        private void report(String message) {
            problems.add(ShapeProblem.of(shape, message));
        }
    }
}
