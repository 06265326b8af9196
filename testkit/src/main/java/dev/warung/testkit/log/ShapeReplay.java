package dev.warung.testkit.log;

import dev.warung.core.change.ChangeId;
import dev.warung.core.value.PgValues;
import dev.warung.core.value.ValueKind;
import dev.warung.core.wire.Headers;
import dev.warung.core.wire.ShapeCodec;
import dev.warung.core.wire.ShapeRecord;
import dev.warung.core.wire.ShapeSchema;
import dev.warung.testkit.check.LogReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads a shape topic from its start, as the simplest outlet would: what it shows at its last end mark. */
public final class ShapeReplay {

    private final List<String> problems = new ArrayList<>();
    private final Map<String, Map<String, List<@Nullable String>>> tables = new TreeMap<>();
    private Map<String, Map<String, List<@Nullable String>>> shown = Map.of();
    private Optional<ShapeRecord.End> end = Optional.empty();
    private @Nullable ShapeCodec codec;
    private ChangeId last = ChangeId.NONE;
    private int marks;

    private ShapeReplay() {}

    public static ShapeReplay of(LogReader reader, String topic) {
        ShapeReplay replay = new ShapeReplay();
        reader.readAll(topic).forEach(replay::take);
        return replay;
    }

    /** Rows by table and key, as texts. */
    public Map<String, Map<String, List<@Nullable String>>> shown() {
        return shown;
    }

    /** The last end mark; empty before the shape is complete. */
    public Optional<ShapeRecord.End> end() {
        return end;
    }

    public int marks() {
        return marks;
    }

    public ShapeSchema schema() {
        ShapeCodec known = codec;
        if (known == null) {
            throw new IllegalStateException("the topic has no description");
        }
        return known.schema();
    }

    /** What must not be: ids that go back, records before the description. */
    public List<String> problems() {
        return problems;
    }

    private void take(ConsumerRecord<byte[], byte[]> message) {
        String place = message.topic() + "@" + message.offset();
        ChangeId id =
                ChangeId.fromBytes(message.headers().lastHeader(Headers.ID).value());
        if (last.isAfter(id)) {
            problems.add(place + " has id " + id + " after " + last);
        }
        last = id;
        ShapeCodec known = codec;
        if (known == null) {
            if (!ShapeCodec.isSchemaKey(message.key())) {
                problems.add(place + " comes before the description");
                return;
            }
            known = new ShapeCodec(ShapeCodec.decodeSchema(message.value()));
            codec = known;
            known.schema().tables().forEach(t -> tables.put(t.id().toString(), new TreeMap<>()));
            return;
        }
        apply(known, known.decode(message.key(), message.value()));
    }

    private void apply(ShapeCodec known, ShapeRecord record) {
        if (record instanceof ShapeRecord.Row row) {
            ShapeSchema.Table table = known.schema().tables().get(row.table());
            List<@Nullable String> values = new ArrayList<>();
            for (int i = 0; i < row.values().length; i++) {
                values.add(text(table.columns().get(i).kind(), row.values()[i]));
            }
            List<@Nullable String> key = new ArrayList<>();
            for (int position : table.keyPositions()) {
                key.add(values.get(position));
            }
            rows(known, row.table()).put(key.toString(), values);
        } else if (record instanceof ShapeRecord.Gone gone) {
            ShapeSchema.Table table = known.schema().tables().get(gone.table());
            List<@Nullable String> key = new ArrayList<>();
            for (int i = 0; i < gone.key().length; i++) {
                key.add(text(table.columns().get(table.keyPositions()[i]).kind(), gone.key()[i]));
            }
            rows(known, gone.table()).remove(key.toString());
        } else if (record instanceof ShapeRecord.Truncate truncate) {
            rows(known, truncate.table()).clear();
        } else if (record instanceof ShapeRecord.End mark) {
            marks++;
            end = Optional.of(mark);
            shown = copy();
        }
    }

    private Map<String, List<@Nullable String>> rows(ShapeCodec known, int table) {
        return tables.computeIfAbsent(known.schema().tables().get(table).id().toString(), t -> new TreeMap<>());
    }

    private Map<String, Map<String, List<@Nullable String>>> copy() {
        Map<String, Map<String, List<@Nullable String>>> copy = new TreeMap<>();
        tables.forEach((table, rows) -> copy.put(table, new TreeMap<>(rows)));
        return copy;
    }

    private static @Nullable String text(ValueKind kind, @Nullable Object value) {
        return value == null ? null : PgValues.fromSqlite(kind, value);
    }
}
