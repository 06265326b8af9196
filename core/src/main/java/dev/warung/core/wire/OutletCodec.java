package dev.warung.core.wire;

import static dev.warung.core.wire.ControlCodec.JSON;
import static dev.warung.core.wire.ControlCodec.required;
import static dev.warung.core.wire.ControlCodec.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Records of an outlet's private topic ↔ JSON bytes. {@code {"id":"…","code":"kota-1",…}} is one; {@code {}} is refused. */
public final class OutletCodec {

    /** The only key so far of a private topic. */
    public static final String KEY = "\"__outlet__\"";

    private OutletCodec() {}

    public static byte[] encode(OutletRecord outlet) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", outlet.id());
        node.put("code", outlet.code());
        node.put("name", outlet.name());
        ObjectNode attributes = node.putObject("attributes");
        outlet.attributes().forEach(attributes::put);
        node.put("enabled", outlet.enabled());
        node.put("generation", outlet.generation());
        ArrayNode shapes = node.putArray("shapes");
        for (OutletRecord.Feed feed : outlet.shapes()) {
            shapes.addObject()
                    .put("shape", feed.shape())
                    .put("topic", feed.topic())
                    .put("topic_id", feed.topicId())
                    .put("generation", feed.generation());
        }
        ArrayNode writable = node.putArray("writable");
        outlet.writable().forEach(table -> writable.add(WriteDefinitionCodec.tree(table)));
        return ControlCodec.bytes(node);
    }

    /** @throws IllegalArgumentException if the bytes are not an outlet record */
    public static OutletRecord decode(byte[] bytes) {
        JsonNode node = ControlCodec.tree(bytes, "outlet record");
        Map<String, String> attributes = new LinkedHashMap<>();
        required(node, "attributes")
                .properties()
                .forEach(e -> attributes.put(e.getKey(), e.getValue().asText()));
        List<OutletRecord.Feed> shapes = new ArrayList<>();
        for (JsonNode feed : required(node, "shapes")) {
            shapes.add(new OutletRecord.Feed(
                    text(feed, "shape"),
                    text(feed, "topic"),
                    text(feed, "topic_id"),
                    required(feed, "generation").intValue()));
        }
        return new OutletRecord(
                text(node, "id"),
                text(node, "code"),
                text(node, "name"),
                attributes,
                required(node, "enabled").booleanValue(),
                required(node, "generation").intValue(),
                shapes,
                // A record of a router that knew of no writes has none.
                WriteDefinitionCodec.tables(node.path("writable")));
    }
}
