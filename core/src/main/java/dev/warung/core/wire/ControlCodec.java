package dev.warung.core.wire;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Commit and position records ↔ JSON bytes. {@code {"kind":"end",…}} is one; {@code {}} is refused. */
public final class ControlCodec {

    /** The only key of the position topic. */
    public static final String POSITION_KEY = "position";

    static final ObjectMapper JSON = new ObjectMapper();

    private static final TypeReference<LinkedHashMap<String, Object>> OFFSET = new TypeReference<>() {};

    private ControlCodec() {}

    public static byte[] encode(CommitRecord commit) {
        ObjectNode node = JSON.createObjectNode();
        node.put("kind", lower(commit.kind()));
        node.put("previous", commit.previous().toString());
        node.put("first", commit.first().toString());
        node.put("last", commit.last().toString());
        ArrayNode ends = node.putArray("ends");
        for (CommitRecord.TransactionEnd end : commit.ends()) {
            ends.addObject()
                    .put("id", end.id().toString())
                    .put("commit", end.commit().toString())
                    .put("ts_us", end.committedAtUs())
                    .put("xid", end.xid())
                    .put("records", end.records());
        }
        ObjectNode topics = node.putObject("topics");
        commit.topics()
                .forEach((topic, extent) ->
                        topics.putArray(topic).add(extent.endOffset()).add(extent.count()));
        node.set("offset", JSON.valueToTree(commit.offset()));
        return bytes(node);
    }

    /** @throws IllegalArgumentException if the bytes are not a commit record */
    public static CommitRecord decodeCommit(byte[] bytes) {
        JsonNode node = tree(bytes, "commit record");
        List<CommitRecord.TransactionEnd> ends = new ArrayList<>();
        for (JsonNode end : required(node, "ends")) {
            ends.add(new CommitRecord.TransactionEnd(
                    id(end, "id"),
                    Lsn.parse(text(end, "commit")),
                    required(end, "ts_us").longValue(),
                    required(end, "xid").longValue(),
                    required(end, "records").longValue()));
        }
        Map<String, CommitRecord.Extent> topics = new LinkedHashMap<>();
        required(node, "topics")
                .properties()
                .forEach(e -> topics.put(
                        e.getKey(),
                        new CommitRecord.Extent(
                                e.getValue().path(0).longValue(),
                                e.getValue().path(1).longValue())));
        return new CommitRecord(
                CommitRecord.Kind.valueOf(text(node, "kind").toUpperCase(Locale.ROOT)),
                id(node, "previous"),
                id(node, "first"),
                id(node, "last"),
                ends,
                topics,
                JSON.convertValue(required(node, "offset"), OFFSET));
    }

    public static byte[] encode(PositionRecord position) {
        ObjectNode node = JSON.createObjectNode();
        node.put("epoch", position.epoch());
        node.put("state", lower(position.state()));
        node.put("last", position.last().toString());
        node.put("commit", position.commit().toString());
        node.set("offset", JSON.valueToTree(position.offset()));
        node.put("commits_from", position.commitsFrom());
        node.put("epoch_start", position.epochStart());
        ObjectNode ends = node.putObject("ends");
        position.ends().forEach(ends::put);
        PositionRecord.Server server = position.server();
        node.putObject("server")
                .put("system_id", server.systemId())
                .put("timeline", server.timeline())
                .put("slot", server.slot())
                .put("heartbeat", server.heartbeat())
                .put("heartbeat_nonce", server.heartbeatNonce());
        return bytes(node);
    }

    /** @throws IllegalArgumentException if the bytes are not a position record */
    public static PositionRecord decodePosition(byte[] bytes) {
        JsonNode node = tree(bytes, "position record");
        Map<String, Long> ends = new LinkedHashMap<>();
        required(node, "ends")
                .properties()
                .forEach(e -> ends.put(e.getKey(), e.getValue().longValue()));
        JsonNode server = required(node, "server");
        return new PositionRecord(
                required(node, "epoch").intValue(),
                PositionRecord.State.valueOf(text(node, "state").toUpperCase(Locale.ROOT)),
                id(node, "last"),
                Lsn.parse(text(node, "commit")),
                JSON.convertValue(required(node, "offset"), OFFSET),
                required(node, "commits_from").longValue(),
                required(node, "epoch_start").longValue(),
                ends,
                new PositionRecord.Server(
                        text(server, "system_id"),
                        required(server, "timeline").intValue(),
                        text(server, "slot"),
                        required(server, "heartbeat").longValue(),
                        text(server, "heartbeat_nonce")));
    }

    static JsonNode tree(byte[] bytes, String what) {
        try {
            JsonNode node = JSON.readTree(bytes);
            if (!node.isObject()) {
                throw new IllegalArgumentException("not a " + what + ": it is no JSON object");
            }
            return node;
        } catch (IOException e) {
            throw new IllegalArgumentException("not a " + what + ": " + e.getMessage(), e);
        }
    }

    static byte[] bytes(JsonNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode required(JsonNode node, String field) {
        JsonNode value = node.get(field);
        if (value == null || value.isNull()) {
            throw new IllegalArgumentException("the record lacks '" + field + "'");
        }
        return value;
    }

    static String text(JsonNode node, String field) {
        return required(node, field).asText();
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static ChangeId id(JsonNode node, String field) {
        return ChangeId.parse(text(node, field));
    }
}
