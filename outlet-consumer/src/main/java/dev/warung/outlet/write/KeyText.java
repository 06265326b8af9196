package dev.warung.outlet.write;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row's key as the outlet notes it beside its tables: one spelling for each. {@code [7,"a"]} is one, {@code 7} is refused.
 *
 * <p>Thread: any.
 */
public final class KeyText {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private KeyText() {}

    /** @param values as they travel, in key order */
    public static String of(List<? extends @Nullable Object> values) {
        ArrayNode node = JSON.createArrayNode();
        values.forEach(value -> node.add(value == null ? JSON.nullNode() : JSON.<JsonNode>valueToTree(value)));
        return node.toString();
    }

    /** @throws IllegalArgumentException if it is not a key */
    public static List<@Nullable Object> read(String json) {
        JsonNode node = tree(json);
        if (!node.isArray()) {
            throw new IllegalArgumentException("not a key: " + json);
        }
        List<@Nullable Object> values = new ArrayList<>();
        node.forEach(one -> values.add(value(one)));
        return values;
    }

    static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + json, e);
        }
    }

    private static @Nullable Object value(JsonNode node) {
        return switch (node.getNodeType()) {
            case NULL, MISSING -> null;
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> node.isIntegralNumber() ? (Object) node.longValue() : node.doubleValue();
            default -> node.asText();
        };
    }
}
