package dev.warung.core.wire;

import static dev.warung.core.wire.ControlCodec.JSON;
import static dev.warung.core.wire.ControlCodec.lower;
import static dev.warung.core.wire.ControlCodec.required;
import static dev.warung.core.wire.ControlCodec.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.core.change.TableId;
import dev.warung.core.upload.FileIdentity;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.Sender;
import dev.warung.core.upload.Upload;
import dev.warung.core.upload.UploadGroup;
import dev.warung.core.upload.UploadOp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Records of an outlet's upload topic ↔ JSON bytes; the key is the upload's id. {@code {"v":1,"upload":"…","groups":[…],…}} is one;
 * {@code {"v":2}} is refused.
 */
public final class UploadCodec {

    /** A record of an upload topic has no more, unless a single op has. */
    public static final int RECORD_BYTES_MAX = 512 << 10;

    private static final int VERSION = 1;
    private static final int UUID_BYTES = 16;
    private static final String MAKERS = "makers";
    /** What a record has beside its ops, and more. */
    private static final int FRAME_BYTES = 4096;

    private UploadCodec() {}

    public static byte[] key(Upload upload) {
        return ByteBuffer.allocate(UUID_BYTES)
                .putLong(upload.id().getMostSignificantBits())
                .putLong(upload.id().getLeastSignificantBits())
                .array();
    }

    public static byte[] encode(Upload upload) {
        ObjectNode node = JSON.createObjectNode();
        node.put("v", VERSION);
        node.put("upload", upload.id().toString());
        Sender sender = upload.sender();
        node.put("outlet", sender.outlet().toString());
        node.put("code", sender.code());
        node.put("generation", sender.generation());
        node.put("session", sender.session());
        sender.file().ifPresent(file -> {
            node.put("file", file.file().toString());
            node.put("nonce", file.nonce().toString());
            ArrayNode follows = node.putArray("follows");
            file.follows().forEach(nonce -> follows.add(nonce.toString()));
        });
        node.put("part", upload.part());
        node.put("parts", upload.parts());
        node.put("sent_at_us", upload.sentAtUs());
        ArrayNode groups = node.putArray("groups");
        for (UploadGroup group : upload.groups()) {
            ObjectNode one = groups.addObject().put("group", group.number()).put("at_us", group.atUs());
            ArrayNode ops = one.putArray("ops");
            group.ops().forEach(op -> ops.add(tree(op)));
        }
        return ControlCodec.bytes(node);
    }

    /** The records that carry a whole upload: one if it fits, else as many parts as it needs, each with whole ops. */
    public static List<Upload> cut(Upload upload) {
        List<List<UploadGroup>> cuts = new ArrayList<>();
        List<UploadGroup> current = new ArrayList<>();
        int bytes = FRAME_BYTES;
        for (UploadGroup group : upload.groups()) {
            List<UploadOp> ops = new ArrayList<>();
            for (UploadOp op : group.ops()) {
                int more = ControlCodec.bytes(tree(op)).length + 1;
                if (bytes + more > RECORD_BYTES_MAX && bytes > FRAME_BYTES) {
                    addGroup(current, group, ops);
                    cuts.add(current);
                    current = new ArrayList<>();
                    ops = new ArrayList<>();
                    bytes = FRAME_BYTES;
                }
                ops.add(op);
                bytes += more;
            }
            addGroup(current, group, ops);
            bytes += UUID_BYTES * 4;
        }
        cuts.add(current);
        List<Upload> parts = new ArrayList<>();
        for (List<UploadGroup> groups : cuts) {
            parts.add(
                    new Upload(upload.id(), upload.sender(), parts.size() + 1, cuts.size(), upload.sentAtUs(), groups));
        }
        return parts;
    }

    private static void addGroup(List<UploadGroup> groups, UploadGroup group, List<UploadOp> ops) {
        if (!ops.isEmpty()) {
            groups.add(new UploadGroup(group.number(), group.atUs(), ops));
        }
    }

    /** @throws IllegalArgumentException if the bytes are not an upload */
    public static Upload decode(byte[] bytes) {
        JsonNode node = ControlCodec.tree(bytes, "upload");
        int version = required(node, "v").intValue();
        if (version != VERSION) {
            throw new IllegalArgumentException("not an upload of version " + VERSION + " but " + version);
        }
        List<UploadGroup> groups = new ArrayList<>();
        for (JsonNode group : required(node, "groups")) {
            List<UploadOp> ops = new ArrayList<>();
            required(group, "ops").forEach(op -> ops.add(op(op)));
            groups.add(new UploadGroup(
                    required(group, "group").longValue(),
                    required(group, "at_us").longValue(),
                    ops));
        }
        Sender sender = new Sender(
                UUID.fromString(text(node, "outlet")),
                text(node, "code"),
                required(node, "generation").intValue(),
                required(node, "session").longValue(),
                file(node));
        return new Upload(
                UUID.fromString(text(node, "upload")),
                sender,
                required(node, "part").intValue(),
                required(node, "parts").intValue(),
                required(node, "sent_at_us").longValue(),
                groups);
    }

    private static Optional<FileIdentity> file(JsonNode node) {
        if (!node.hasNonNull("file")) {
            return Optional.empty();
        }
        List<UUID> follows = new ArrayList<>();
        node.path("follows").forEach(nonce -> follows.add(UUID.fromString(nonce.asText())));
        return Optional.of(
                new FileIdentity(UUID.fromString(text(node, "file")), UUID.fromString(text(node, "nonce")), follows));
    }

    /** SHA-256 of what an op does: equal for two ops that do the same, whatever their ids and times. */
    public static byte[] hash(UploadOp op) {
        try {
            ObjectNode node = tree(op);
            node.remove(List.of("op", MAKERS));
            return MessageDigest.getInstance("SHA-256").digest(ControlCodec.bytes(sorted(node)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** A row as JSON text, as uploads have it. */
    public static String json(RowImage row) {
        return tree(row).toString();
    }

    /** @throws IllegalArgumentException if the text is not a row as uploads have it */
    public static RowImage row(String json) {
        return row(ControlCodec.tree(json.getBytes(StandardCharsets.UTF_8), "row"));
    }

    private static ObjectNode tree(UploadOp op) {
        ObjectNode node = JSON.createObjectNode();
        node.put("op", op.id().toString());
        node.put("table", op.table().toString());
        node.put("kind", lower(op.kind()));
        node.set("key", tree(op.key()));
        node.set("before", op.before().<JsonNode>map(UploadCodec::tree).orElse(JSON.nullNode()));
        node.set("after", op.after().<JsonNode>map(UploadCodec::tree).orElse(JSON.nullNode()));
        if (!op.makers().isEmpty()) {
            ObjectNode makers = node.putObject(MAKERS);
            op.makers().forEach((column, maker) -> makers.put(column, maker.toString()));
        }
        return node;
    }

    private static ObjectNode tree(RowImage row) {
        ObjectNode node = JSON.createObjectNode();
        row.values().forEach((column, value) -> put(node, column, value));
        return node;
    }

    private static void put(ObjectNode node, String column, @Nullable Object value) {
        if (value instanceof Long number) {
            node.put(column, number);
        } else if (value instanceof Double number) {
            node.put(column, number);
        } else if (value instanceof Boolean is) {
            node.put(column, is);
        } else if (value == null) {
            node.putNull(column);
        } else {
            node.put(column, value.toString());
        }
    }

    private static UploadOp op(JsonNode node) {
        Map<String, UUID> makers = new LinkedHashMap<>();
        node.path(MAKERS)
                .properties()
                .forEach(maker -> makers.put(
                        maker.getKey(), UUID.fromString(maker.getValue().asText())));
        return new UploadOp(
                UUID.fromString(text(node, "op")),
                TableId.parse(text(node, "table")),
                UploadOp.Kind.valueOf(text(node, "kind").toUpperCase(Locale.ROOT)),
                row(required(node, "key")),
                optionalRow(node, "before"),
                optionalRow(node, "after"),
                makers);
    }

    private static Optional<RowImage> optionalRow(JsonNode node, String field) {
        return node.hasNonNull(field) ? Optional.of(row(required(node, field))) : Optional.empty();
    }

    private static RowImage row(JsonNode node) {
        if (!node.isObject()) {
            throw new IllegalArgumentException("a row is a JSON object, not " + node.getNodeType());
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        node.properties().forEach(field -> values.put(field.getKey(), value(field.getKey(), field.getValue())));
        return new RowImage(values);
    }

    private static @Nullable Object value(String column, JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL -> null;
            case BOOLEAN -> (Object) value.booleanValue();
            // A number that no column of ours holds is left to PostgreSQL to refuse.
            case NUMBER ->
                value.isIntegralNumber()
                        ? (value.canConvertToLong() ? (Object) value.longValue() : value.asText())
                        : (Object) value.doubleValue();
            case STRING -> value.textValue();
            default -> throw new IllegalArgumentException("column " + column + " holds a " + value.getNodeType());
        };
    }

    private static ObjectNode sorted(ObjectNode node) {
        ObjectNode sorted = JSON.createObjectNode();
        for (String name :
                new TreeSet<>(node.properties().stream().map(Map.Entry::getKey).toList())) {
            JsonNode value = node.path(name);
            sorted.set(name, value instanceof ObjectNode inner ? sorted(inner) : value);
        }
        return sorted;
    }
}
