package dev.warung.core.wire;

import static dev.warung.core.wire.ControlCodec.JSON;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.core.shape.Enrolment;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * An enrolment file ↔ its record. {@code {"kafka":"db:9092","prefix":"warung","outlet":"6ba7b810-…","code":"toko-1"}} is one;
 * {@code {"code":"toko-1"}} is refused.
 */
public final class EnrolmentCodec {

    private static final JsonFactory TOKENS = new JsonFactory();

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

    /**
     * Reads token by token: an outlet knows sooner where Kafka is than Jackson's tree could be set up (docs/bench.md).
     *
     * @throws IllegalArgumentException if the text is not an enrolment; the message shows none of its values but the outlet's code
     */
    public static Enrolment decode(String text) {
        Map<String, String> fields = new HashMap<>();
        Map<String, String> credentials = new TreeMap<>();
        try (JsonParser parser = TOKENS.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not an enrolment: it is no JSON object");
            }
            readFields(parser, fields, credentials);
        } catch (IOException e) {
            throw new IllegalArgumentException("not an enrolment: " + e.getMessage(), e);
        }
        String prefix = required(fields, "prefix");
        new Topics(prefix);
        return new Enrolment(required(fields, "kafka"), prefix, id(fields), required(fields, "code"), credentials);
    }

    private static void readFields(JsonParser parser, Map<String, String> fields, Map<String, String> credentials)
            throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value.isScalarValue()) {
                if (value != JsonToken.VALUE_NULL) {
                    fields.put(name, parser.getText());
                }
            } else if (name.equals("credentials") && value == JsonToken.START_OBJECT) {
                readFields(parser, credentials, new TreeMap<>());
            } else {
                parser.skipChildren();
            }
        }
    }

    private static String required(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the enrolment lacks '" + name + "'");
        }
        return value;
    }

    private static UUID id(Map<String, String> fields) {
        try {
            return UUID.fromString(required(fields, "outlet"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the enrolment's 'outlet' is missing or not a UUID", e);
        }
    }
}
