package dev.warung.stack.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warung.core.change.TableId;
import dev.warung.core.shape.ShapeProblem;
import dev.warung.core.upload.WritePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a table takes what outlets write, as a person wrote it: {@code stok: {delta: [jumlah]}} is an entry; {@code stok: {deltas: []}} is
 * refused.
 *
 * @param delta columns whose changes add up
 * @param unchecked columns that look like references to a table whose keys the server gives, and are none
 */
public record WritesEntry(TableId table, WritePolicy policy, List<String> delta, List<String> unchecked) {

    /** What problems of writes call the shape: none is concerned. */
    static final String WHERE = "writes";

    private static final Set<String> FIELDS =
            new TreeSet<>(Set.of("conflict", "delete", "whole_row", "updated_at", "delta", "rules", "unchecked"));
    private static final Set<String> RULE_FIELDS = new TreeSet<>(Set.of("check", "message"));

    public WritesEntry {
        delta = List.copyOf(delta);
        unchecked = List.copyOf(unchecked);
    }

    /** A table of which nothing is declared. */
    static WritesEntry of(TableId table) {
        return new WritesEntry(table, WritePolicy.DEFAULT, List.of(), List.of());
    }

    static WritesEntry read(String name, JsonNode node, List<ShapeProblem> problems) {
        return new Reader(TableId.parse(name), problems).entry(node);
    }

    private record Reader(TableId table, List<ShapeProblem> problems) {

        WritesEntry entry(JsonNode node) {
            checkFields("it", node, FIELDS);
            WritePolicy policy = new WritePolicy(
                    choice(WritePolicy.Conflict.class, node, "conflict", WritePolicy.DEFAULT.conflict()),
                    choice(WritePolicy.Delete.class, node, "delete", WritePolicy.DEFAULT.delete()),
                    isTrue(node, "whole_row"),
                    text(node, "updated_at"),
                    rules(node.path("rules")));
            return new WritesEntry(table, policy, texts(node, "delta"), texts(node, "unchecked"));
        }

        private List<WritePolicy.Rule> rules(JsonNode node) {
            List<WritePolicy.Rule> rules = new ArrayList<>();
            if (!node.isMissingNode() && !node.isObject()) {
                report("rules must be an object with a field for each rule");
            }
            node.properties().forEach(entry -> {
                checkFields("rule " + entry.getKey(), entry.getValue(), RULE_FIELDS);
                Optional<String> check = text(entry.getValue(), "check");
                if (check.isEmpty()) {
                    report("rule " + entry.getKey() + " needs a check, such as \"jumlah >= 0\"");
                }
                check.ifPresent(
                        sql -> rules.add(new WritePolicy.Rule(entry.getKey(), sql, text(entry.getValue(), "message"))));
            });
            return rules;
        }

        private void checkFields(String what, JsonNode node, Set<String> allowed) {
            boolean isEmpty =
                    node.isNull() || (node.isTextual() && node.textValue().isEmpty());
            if (!node.isObject() && !isEmpty) {
                report(what + " must be an object with the fields " + String.join(", ", allowed));
            }
            node.properties().forEach(field -> {
                if (!allowed.contains(field.getKey())) {
                    report(what + " has an unknown field " + field.getKey() + "; it may have "
                            + String.join(", ", allowed));
                }
            });
        }

        private <E extends Enum<E>> E choice(Class<E> type, JsonNode node, String field, E fallback) {
            Optional<String> text = text(node, field);
            for (E value : type.getEnumConstants()) {
                if (text.filter(value.name().toLowerCase(Locale.ROOT)::equals).isPresent()) {
                    return value;
                }
            }
            if (text.isPresent()) {
                List<String> names = new ArrayList<>();
                for (E value : type.getEnumConstants()) {
                    names.add(value.name().toLowerCase(Locale.ROOT));
                }
                report(field + " must be one of " + String.join(", ", names) + ", not " + text.get());
            }
            return fallback;
        }

        private boolean isTrue(JsonNode node, String field) {
            JsonNode value = node.path(field);
            if (!value.isMissingNode() && !value.isBoolean()) {
                report(field + " must be true or false");
            }
            return value.asBoolean(false);
        }

        private Optional<String> text(JsonNode node, String field) {
            JsonNode value = node.path(field);
            if (!value.isMissingNode() && !value.isTextual()) {
                report(field + " must be a text");
            }
            return Optional.ofNullable(value.textValue());
        }

        private List<String> texts(JsonNode node, String field) {
            List<String> texts = new ArrayList<>();
            JsonNode list = node.path(field);
            if (!list.isMissingNode() && !list.isArray()) {
                report(field + " must be a list, such as [jumlah]");
            }
            list.forEach(element -> {
                if (element.isTextual()) {
                    texts.add(element.textValue());
                } else {
                    report(field + " holds " + element + ", not a name");
                }
            });
            return texts;
        }

        private void report(String message) {
            problems.add(ShapeProblem.of(WHERE, table, message));
        }
    }
}
