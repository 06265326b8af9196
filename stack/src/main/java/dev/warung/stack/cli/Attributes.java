package dev.warung.stack.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.stack.pipeline.StackException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An outlet's attributes as a person gives them. {@code branch_id=7} and {@code {"branch_id":7}} say the same. */
final class Attributes {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Attributes() {}

    /**
     * A JSON object for the row.
     *
     * @param pairs texts; an empty one is NULL
     * @param json an object, or null for none
     */
    static String json(Map<String, String> pairs, @Nullable String json) {
        ObjectNode node = json == null ? JSON.createObjectNode() : object(json);
        pairs.forEach((name, value) -> {
            if (value.isEmpty()) {
                node.putNull(name);
            } else {
                node.put(name, value);
            }
        });
        return node.toString();
    }

    private static ObjectNode object(String json) {
        try {
            JsonNode node = JSON.readTree(json);
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new StackException("--attributes is not JSON: " + e.getOriginalMessage(), e);
        }
        throw new StackException("--attributes is not a JSON object. Write it as {\"branch_id\":7}.");
    }
}
