package dev.warung.core.wire;

import static dev.warung.core.wire.ControlCodec.JSON;
import static dev.warung.core.wire.ControlCodec.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.core.shape.Enrolment;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * An enrolment file ↔ its record. {@code {"kafka":"db:9092","prefix":"warung","outlet":"6ba7b810-…","code":"toko-1"}} is one;
 * {@code {"code":"toko-1"}} is refused.
 */
public final class EnrolmentCodec {

    private EnrolmentCodec() {}

    /** For people too, so with line breaks. */
    public static String encode(Enrolment enrolment) {
        ObjectNode node = JSON.createObjectNode();
        node.put("kafka", enrolment.kafka());
        node.put("prefix", enrolment.prefix());
        node.put("outlet", enrolment.outlet().toString());
        node.put("code", enrolment.code());
        if (!enrolment.credentials().isEmpty()) {
            ObjectNode credentials = node.putObject("credentials");
            new TreeMap<>(enrolment.credentials()).forEach(credentials::put);
        }
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an enrolment cannot be written", e);
        }
    }

    /** @throws IllegalArgumentException if the text is not an enrolment; the message shows none of its values but the outlet's code */
    public static Enrolment decode(String text) {
        JsonNode node = ControlCodec.tree(text.getBytes(StandardCharsets.UTF_8), "enrolment");
        Map<String, String> credentials = new TreeMap<>();
        node.path("credentials")
                .properties()
                .forEach(e -> credentials.put(e.getKey(), e.getValue().asText()));
        String prefix = text(node, "prefix");
        new Topics(prefix);
        return new Enrolment(text(node, "kafka"), prefix, id(node), text(node, "code"), credentials);
    }

    private static UUID id(JsonNode node) {
        try {
            return UUID.fromString(text(node, "outlet"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the enrolment's 'outlet' is missing or not a UUID", e);
        }
    }
}
