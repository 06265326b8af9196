package dev.warung.testkit.fleet;

import dev.warung.core.change.ChangeId;
import dev.warung.core.wire.Headers;
import dev.warung.core.wire.ShapeCodec;
import dev.warung.core.wire.ShapeRecord;
import dev.warung.core.wire.ShapeSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** One shape topic as {@link TopicOutlet} knows it: its rows at the last end mark, and what came after it. */
final class TopicFeed {

    private final String topic;
    private final String topicId;
    private final Consumer<String> problems;
    private final Map<Integer, Map<String, Held>> rows = new TreeMap<>();
    private final Map<String, ChangeId> newest = new HashMap<>();
    private final List<Staged> staged = new ArrayList<>();
    private @Nullable ShapeCodec codec;
    private boolean hasPassed;

    /** A row and the change that made it so. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Held(@Nullable Object[] values, ChangeId id) {}

    private record Staged(ShapeRecord record, ChangeId id) {}

    TopicFeed(String topic, String topicId, Consumer<String> problems) {
        this.topic = topic;
        this.topicId = topicId;
        this.problems = problems;
    }

    String topic() {
        return topic;
    }

    String topicId() {
        return topicId;
    }

    ShapeSchema schema() {
        if (codec == null) {
            throw new IllegalStateException(topic + " has no description");
        }
        return codec.schema();
    }

    boolean hasSchema() {
        return codec != null;
    }

    Map<String, Held> rows(int table) {
        return rows.getOrDefault(table, Map.of());
    }

    /** Everything that was there when the first pass began has been read: from here on each end mark is a state of PostgreSQL. */
    void passed() {
        hasPassed = true;
        if (!staged.isEmpty()) {
            problems.accept(topic + " ends with " + staged.size() + " records after its last end mark");
        }
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        ChangeId id = ChangeId.fromBytes(record.headers().lastHeader(Headers.ID).value());
        String key = new String(record.key(), StandardCharsets.UTF_8);
        ChangeId before = newest.put(key, id);
        if (before != null && before.compareTo(id) > 0) {
            problems.accept("I5: key " + key + " of " + topic + " goes back from " + before + " to " + id
                    + " at offset " + record.offset());
        }
        if (ShapeCodec.isSchemaKey(record.key())) {
            codec = new ShapeCodec(ShapeCodec.decodeSchema(record.value()));
            return;
        }
        if (codec == null) {
            problems.accept(topic + " begins with " + key + " instead of its description");
            return;
        }
        ShapeRecord decoded = codec.decode(record.key(), record.value());
        if (decoded instanceof ShapeRecord.End end) {
            staged.forEach(this::apply);
            staged.clear();
            checkPairs(end);
        } else {
            staged.add(new Staged(decoded, id));
        }
    }

    private void apply(Staged one) {
        if (one.record() instanceof ShapeRecord.Row row) {
            rows.computeIfAbsent(row.table(), t -> new TreeMap<>())
                    .put(Arrays.toString(key(row)), new Held(row.values(), one.id()));
        } else if (one.record() instanceof ShapeRecord.Gone gone) {
            rows.computeIfAbsent(gone.table(), t -> new TreeMap<>()).remove(Arrays.toString(gone.key()));
        } else if (one.record() instanceof ShapeRecord.Truncate truncate) {
            rows.remove(truncate.table());
        }
    }

    private @Nullable Object[] key(ShapeRecord.Row row) {
        int[] positions = schema().tables().get(row.table()).keyPositions();
        @Nullable Object[] key = new @Nullable Object[positions.length];
        for (int i = 0; i < key.length; i++) {
            key[i] = row.values()[positions[i]];
        }
        return key;
    }

    private void checkPairs(ShapeRecord.End end) {
        if (!hasPassed || !schema().shape().equals(Pairs.shape().name())) {
            return;
        }
        Map<String, Held> left = rows(0);
        Map<String, Held> right = rows(1);
        boolean isWhole = left.keySet().equals(right.keySet())
                && left.entrySet().stream()
                        .allMatch(e -> balance(e.getValue()) + balance(right.get(e.getKey())) == Pairs.SUM);
        if (!isWhole) {
            problems.accept("I4: torn pairs in " + topic + " at end mark " + end.id() + ": " + left.size() + " left, "
                    + right.size() + " right");
        }
    }

    private static long balance(@Nullable Held row) {
        return row == null || row.values()[2] == null ? Long.MIN_VALUE / 2 : (Long) row.values()[2];
    }
}
