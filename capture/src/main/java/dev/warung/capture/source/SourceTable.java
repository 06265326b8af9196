package dev.warung.capture.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warung.capture.history.TableShape;
import dev.warung.core.change.TableId;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.IndexDef;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.PgValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A table as the catalogue describes it, with what is known of its storage.
 *
 * @param identity {@code pg_class.relreplident} of the table itself
 * @param tree the table and, if it is partitioned, everything below it
 * @param publications names of the publications that list it
 * @param identityLost whether the table, or a table below it, logs less or more of old rows than capture needs
 * @param notes what a person should know about it, such as columns that are not copied
 */
public record SourceTable(
        TableShape shape,
        String identity,
        boolean identityLost,
        List<Part> tree,
        List<String> publications,
        List<String> notes) {

    public SourceTable {
        tree = List.copyOf(tree);
        publications = List.copyOf(publications);
        notes = List.copyOf(notes);
    }

    /**
     * One table of a partition tree.
     *
     * @param leaf whether it holds rows
     * @param pages the planner's estimate of its size
     * @param rows the planner's estimate; negative if unknown
     */
    public record Part(long oid, TableId id, boolean leaf, long pages, double rows) {}

    /** The tables that hold its rows. */
    List<Part> leaves() {
        return tree.stream().filter(Part::leaf).toList();
    }

    /**
     * Reads what {@code describe.sql} prints.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static SourceTable of(JsonNode node) {
        List<Part> tree = new ArrayList<>();
        for (JsonNode part : field(node, "tree")) {
            tree.add(new Part(
                    field(part, "oid").longValue(),
                    new TableId(text(part, "schema"), text(part, "name")),
                    field(part, "leaf").booleanValue(),
                    part.path("pages").asLong(),
                    part.path("tuples").asDouble()));
        }
        List<String> notes = new ArrayList<>();
        for (JsonNode column : field(node, "columns")) {
            if (!field(column, "copied").booleanValue()) {
                notes.add("column " + text(column, "name") + " is generated and not in the WAL: it is not copied");
            }
        }
        return new SourceTable(
                shape(node), text(node, "identity"), isIdentityLost(node), tree, texts(node, "publications"), notes);
    }

    /** As {@code warung.identity_lost} has it. */
    private static boolean isIdentityLost(JsonNode node) {
        String wanted = text(node, "wantedIdentity");
        boolean isLost = false;
        for (JsonNode part : field(node, "tree")) {
            isLost |= !wanted.equals("i") && !wanted.equals(text(part, "identity"));
        }
        return isLost;
    }

    private static TableShape shape(JsonNode node) {
        List<Column> columns = new ArrayList<>();
        for (JsonNode column : field(node, "columns")) {
            columns.add(column(column));
        }
        List<IndexDef> indexes = new ArrayList<>();
        for (JsonNode index : field(node, "indexes")) {
            if (!field(index, "primary").booleanValue()) {
                indexes.add(new IndexDef(
                        text(index, "name"),
                        field(index, "unique").booleanValue(),
                        texts(index, "columns"),
                        text(index, "definition")));
            }
        }
        List<String> refusals = texts(node, "refusals");
        return new TableShape(
                new TableId(text(node, "schema"), text(node, "name")),
                field(node, "oid").longValue(),
                columns,
                texts(node, "key"),
                indexes,
                refusals.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", refusals)),
                collation(node));
    }

    private static Column column(JsonNode node) {
        JsonNode missing = field(node, "missing");
        return new Column(
                field(node, "attnum").intValue(),
                text(node, "name"),
                text(node, "type"),
                PgValues.kindOf(text(node, "baseType")),
                field(node, "notNull").booleanValue(),
                generated(node),
                missing.isNull() ? null : missing.textValue(),
                meaning(node));
    }

    /** What an older set-up wrote says no more than the type's name does. */
    private static TypeMeaning meaning(JsonNode node) {
        if (!node.path("base").isTextual()) {
            return TypeMeaning.of(text(node, "type"));
        }
        List<String> labels = new ArrayList<>();
        node.path("labels").forEach(label -> labels.add(label.textValue()));
        return new TypeMeaning(text(node, "base"), labels, collation(node));
    }

    /** Of a column or of the database; nothing where there is none, or was not when this was written. */
    private static Collation collation(JsonNode node) {
        JsonNode name = node.path("collation");
        return name.isTextual() ? Collation.valueOf(name.textValue().toUpperCase(Locale.ROOT)) : Collation.LOCALE;
    }

    private static Generated generated(JsonNode node) {
        if (!field(node, "copied").booleanValue()) {
            return Generated.VIRTUAL;
        }
        return text(node, "generated").equals("s") ? Generated.STORED : Generated.NO;
    }

    private static List<String> texts(JsonNode node, String name) {
        List<String> texts = new ArrayList<>();
        field(node, name).forEach(text -> texts.add(text.textValue()));
        return texts;
    }

    private static String text(JsonNode node, String name) {
        JsonNode value = field(node, name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("field " + name + " of a table's description is not text");
        }
        return value.textValue();
    }

    private static JsonNode field(JsonNode node, String name) {
        JsonNode value = node.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a table's description has no field " + name);
        }
        return value;
    }
}
