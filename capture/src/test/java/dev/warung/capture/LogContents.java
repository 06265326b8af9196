package dev.warung.capture;

import dev.warung.core.schema.TableSchema;
import dev.warung.core.value.PgValues;
import dev.warung.core.wire.Headers;
import dev.warung.core.wire.RowCodec;
import dev.warung.core.wire.RowOp;
import dev.warung.core.wire.SchemaCodec;
import dev.warung.core.wire.SchemaRecord;
import dev.warung.core.wire.Topics;
import dev.warung.testkit.Database;
import dev.warung.testkit.check.LogReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What the log says the tables hold, to be compared with PostgreSQL. */
final class LogContents {

    private final LogReader reader;
    private final Topics topics;

    LogContents(LogReader reader, Topics topics) {
        this.reader = reader;
        this.topics = topics;
    }

    /** The newest description of each table by name, in the order of the log. */
    Map<String, SchemaRecord.Table> tables() {
        Map<Long, SchemaRecord.Table> byOid = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> each : reader.readAll(topics.schema())) {
            if (SchemaCodec.decode(each.value()) instanceof SchemaRecord.Table table) {
                byOid.put(table.schema().oid(), table);
            }
        }
        Map<String, SchemaRecord.Table> byName = new HashMap<>();
        byOid.values().stream()
                .filter(t -> t.state() != SchemaRecord.State.DROPPED)
                .forEach(t -> byName.put(t.schema().id().toString(), t));
        return byName;
    }

    /** All records of a table's newest generation as {@code op key}. */
    List<String> operations(String table) {
        List<String> operations = new ArrayList<>();
        TableSchema schema = tables().get(table).schema();
        for (ConsumerRecord<byte[], byte[]> each : reader.readAll(schema.topic())) {
            String key = new String(each.key(), StandardCharsets.UTF_8);
            operations.add(
                    each.value() == null
                            ? "tombstone " + key
                            : RowCodec.of(schema).decodeValue(each.value()).op().code() + " " + key);
        }
        return operations;
    }

    /** The rows that following the topic of a table leaves, as sorted lines. */
    Set<String> rows(String table) {
        TableSchema schema = tables().get(table).schema();
        RowCodec codec = RowCodec.of(schema);
        Map<String, String> rows = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> each : reader.readAll(schema.topic())) {
            String key = new String(each.key(), StandardCharsets.UTF_8);
            if (Headers.version(each.headers().lastHeader(Headers.VERSION).value()) > schema.version()) {
                throw new IllegalStateException("a version from the future");
            }
            if (each.value() == null) {
                rows.remove(key);
            } else if (RowCodec.isTruncateKey(each.key())) {
                rows.clear();
            } else {
                RowCodec.DecodedRow row = codec.decodeValue(each.value());
                if (row.op() == RowOp.DELETE) {
                    rows.remove(key);
                } else {
                    rows.put(key, line(row.after()));
                }
            }
        }
        return new TreeSet<>(rows.values());
    }

    /** The rows that PostgreSQL has, as the same lines. */
    Set<String> expected(Database database, String table) {
        TableSchema schema = tables().get(table).schema();
        TreeSet<String> lines = new TreeSet<>();
        for (@Nullable String[] row : QuietCopy.rows(database, schema)) {
            @Nullable Object[] values = new @Nullable Object[row.length];
            for (int i = 0; i < row.length; i++) {
                String text = row[i];
                values[i] = text == null
                        ? null
                        : PgValues.toSqlite(schema.copiedColumns().get(i).kind(), text);
            }
            lines.add(line(values));
        }
        return lines;
    }

    private static String line(@Nullable Object @Nullable [] row) {
        return Arrays.deepToString(row);
    }
}
