package dev.warung.replicator.routing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.core.change.ChangeId;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.shape.InstanceId;
import dev.warung.core.wire.OutletCodec;
import dev.warung.core.wire.OutletRecord;
import dev.warung.replicator.log.LogConnection;
import dev.warung.replicator.log.TopicScan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * What the router knows beyond the replica, as the topic {@code <prefix>.routing} holds it: every change of it is written in the Kafka
 * transaction that it belongs to, so memory and shape topics agree after any death.
 *
 * <p>Keys: {@code position}, {@code fill}, {@code shape/<topic>}, {@code outlet/<code>}. Used only by the replicator thread.
 */
final class RoutingMemory {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String POSITION = "position";
    private static final String FILL = "fill";
    private static final String SHAPE = "shape/";
    private static final String OUTLET = "outlet/";

    private final String topic;
    private final Map<String, Generation> generations = new LinkedHashMap<>();
    private final Map<InstanceId, List<Generation>> byInstance = new HashMap<>();
    private final Map<String, OutletFile> outlets = new LinkedHashMap<>();
    private Optional<FillPass> fill = Optional.empty();
    private int filling;
    private Optional<ChangeId> position = Optional.empty();

    /**
     * What an outlet was told last.
     *
     * @param goneSinceMs since when there is no such outlet any more; 0 while there is
     */
    record OutletFile(OutletRecord told, long goneSinceMs) {}

    private RoutingMemory(String topic) {
        this.topic = topic;
    }

    /** Reads the topic. Requires that the writer is open already, so that nobody else writes. */
    static RoutingMemory read(LogConnection log, String topic) {
        RoutingMemory memory = new RoutingMemory(topic);
        new TopicScan(log.consumer())
                .readRaw(topic, 0, new CountDownLatch(1), record -> memory.load(record.key(), record.value()));
        return memory;
    }

    Collection<Generation> generations() {
        return List.copyOf(generations.values());
    }

    /** The generations of an instance, oldest first. */
    List<Generation> of(InstanceId instance) {
        return List.copyOf(byInstance.getOrDefault(instance, List.of()));
    }

    Generation generation(String ofTopic) {
        Generation generation = generations.get(ofTopic);
        if (generation == null) {
            throw new IllegalStateException("the router knows no topic " + ofTopic);
        }
        return generation;
    }

    /** What outlets were told, by code. */
    Map<String, OutletFile> outlets() {
        return Map.copyOf(outlets);
    }

    Optional<OutletFile> outlet(String code) {
        return Optional.ofNullable(outlets.get(code));
    }

    /** How many generations are being filled or wait for it. */
    int filling() {
        return filling;
    }

    Optional<FillPass> fill() {
        return fill;
    }

    /** Up to where changes were routed; empty if none ever were. */
    Optional<ChangeId> position() {
        return position;
    }

    void put(ShapeWriter writer, Generation generation) {
        keep(generation);
        ObjectNode node = JSON.createObjectNode();
        node.put("shape", generation.instance().shape());
        generation.instance().values().forEach(node.putArray("values")::add);
        node.put("number", generation.number());
        node.put("topic_id", generation.topicId());
        node.put("description", generation.description());
        node.put("state", generation.state().name());
        node.put("since_ms", generation.sinceMs());
        node.put("unused_since_ms", generation.unusedSinceMs());
        write(writer, SHAPE + generation.topic(), node);
    }

    void put(ShapeWriter writer, String code, OutletFile file) {
        outlets.put(code, file);
        ObjectNode node = JSON.createObjectNode();
        node.put("told", new String(OutletCodec.encode(file.told()), StandardCharsets.UTF_8));
        node.put("gone_since_ms", file.goneSinceMs());
        write(writer, OUTLET + code, node);
    }

    void forgetOutlet(ShapeWriter writer, String code) {
        outlets.remove(code);
        writer.remember(topic, bytes(OUTLET + code), null);
    }

    void put(ShapeWriter writer, FillPass pass) {
        fill = Optional.of(pass);
        ObjectNode node = JSON.createObjectNode();
        node.put("shape", pass.shape());
        pass.topics().forEach(node.putArray("topics")::add);
        node.put("table", pass.table());
        pass.afterKey().ifPresent(after -> node.put("after", Base64.getEncoder().encodeToString(after)));
        write(writer, FILL, node);
    }

    void endFill(ShapeWriter writer) {
        fill = Optional.empty();
        writer.remember(topic, bytes(FILL), null);
    }

    void put(ShapeWriter writer, ChangeId newPosition) {
        position = Optional.of(newPosition);
        write(writer, POSITION, JSON.createObjectNode().put("id", newPosition.toString()));
    }

    private void write(ShapeWriter writer, String key, ObjectNode node) {
        writer.remember(topic, bytes(key), bytes(node.toString()));
    }

    private void load(byte[] key, byte @Nullable [] value) {
        String name = new String(key, StandardCharsets.UTF_8);
        try {
            JsonNode node = value == null ? null : JSON.readTree(value);
            if (name.equals(POSITION) && node != null) {
                position = Optional.of(ChangeId.parse(node.path("id").asText()));
            } else if (name.equals(FILL)) {
                fill = Optional.ofNullable(node).map(RoutingMemory::pass);
            } else if (name.startsWith(SHAPE) && node != null) {
                keep(generation(name.substring(SHAPE.length()), node));
            } else if (name.startsWith(OUTLET)) {
                String code = name.substring(OUTLET.length());
                if (node == null) {
                    outlets.remove(code);
                } else {
                    outlets.put(
                            code,
                            new OutletFile(
                                    OutletCodec.decode(bytes(node.path("told").asText())),
                                    node.path("gone_since_ms").longValue()));
                }
            } else {
                throw new IllegalArgumentException("unknown key");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new PipelineException(
                    ErrorCode.LOG_INCONSISTENT,
                    "Record '" + name + "' of " + topic + " cannot be read: " + e.getMessage() + ".",
                    e);
        }
    }

    private static Generation generation(String topic, JsonNode node) {
        return new Generation(
                new InstanceId(node.path("shape").asText(), texts(node.path("values"))),
                node.path("number").intValue(),
                topic,
                node.path("topic_id").asText(),
                node.path("description").asText(),
                Generation.State.valueOf(node.path("state").asText()),
                node.path("since_ms").longValue(),
                node.path("unused_since_ms").longValue());
    }

    private static FillPass pass(JsonNode node) {
        JsonNode after = node.get("after");
        return new FillPass(
                node.path("shape").asText(),
                texts(node.path("topics")),
                node.path("table").intValue(),
                after == null ? null : Base64.getDecoder().decode(after.asText()));
    }

    private void keep(Generation generation) {
        Generation before = generations.put(generation.topic(), generation);
        filling += isFilling(generation) - (before == null ? 0 : isFilling(before));
        List<Generation> all = byInstance.computeIfAbsent(generation.instance(), i -> new ArrayList<>());
        all.removeIf(one -> one.number() == generation.number());
        all.add(generation);
        all.sort((a, b) -> Integer.compare(a.number(), b.number()));
    }

    private static int isFilling(Generation generation) {
        return generation.state() == Generation.State.FILLING ? 1 : 0;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
