package dev.warung.stack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A role's status as lines: one for each value, one for each element of a list. */
final class StatusText {
    private StatusText() {}

    static List<String> lines(JsonNode status) {
        List<String> lines = new ArrayList<>();
        add(lines, "", status);
        return lines;
    }

    private static void add(List<String> lines, String prefix, JsonNode node) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            JsonNode value = field.getValue();
            String name = prefix + field.getKey();
            if (value.isObject()) {
                add(lines, name + ".", value);
            } else if (value.isArray()) {
                value.forEach(element -> lines.add(line(name, inline(element))));
            } else {
                lines.add(line(name, value.asText()));
            }
        }
    }

    private static String inline(JsonNode element) {
        if (!element.isObject()) {
            return element.isValueNode() ? element.asText() : element.toString();
        }
        List<String> parts = new ArrayList<>();
        element.properties().forEach(f -> {
            String text = f.getValue().isValueNode()
                    ? f.getValue().asText()
                    : f.getValue().toString();
            if (!text.isEmpty() && !f.getValue().isNull()) {
                parts.add(f.getKey() + "=" + text);
            }
        });
        return String.join("  ", parts);
    }

    private static String line(String name, String value) {
        return String.format(Locale.ROOT, "%-24s %s", name, value);
    }
}
