package dev.warung.core.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.value.PgValues;
import dev.warung.core.value.ValueKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one schema version ↔ bytes: the key is a JSON object of the key columns, the value Debezium's envelope.
 *
 * <p>A row is an array in the order of {@link TableSchema#copiedColumns()}: PostgreSQL's texts on the way in, objects for
 * SQLite (Long, Double, String, byte[] or null) on the way out. Key {@code {"id":7}} is one; {@code 7} is refused.
 *
 * <p>Thread: any; it holds no state but the schema.
 */
public final class RowCodec {

    /** The reserved key of a TRUNCATE: a JSON string, so no row's key equals it. */
    public static final String TRUNCATE_KEY = "\"__truncate__\"";

    /** An envelope above this size, in bytes, carries only the key columns in {@code before}. */
    public static final int WHOLE_BEFORE_MAX_BYTES = 16 << 20;

    private static final byte[] TRUNCATE_KEY_BYTES = TRUNCATE_KEY.getBytes(StandardCharsets.UTF_8);
    static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(100_000)
                    .build())
            .build();

    private static final byte[] BEFORE = JsonBytes.ascii("{\"before\":");
    private static final byte[] AFTER = JsonBytes.ascii(",\"after\":");
    private static final byte[] SOURCE = JsonBytes.ascii(",\"source\":{\"connector\":\"postgresql\",\"db\":");
    private static final byte[] SNAPSHOT = JsonBytes.ascii(",\"snapshot\":\"true\",\"txId\":");
    private static final byte[] STREAM = JsonBytes.ascii(",\"snapshot\":\"false\",\"txId\":");
    private static final byte[] LSN = JsonBytes.ascii(",\"lsn\":");
    private static final byte[] OP = JsonBytes.ascii("},\"op\":");
    private static final byte[] TS_MS = JsonBytes.ascii(",\"ts_ms\":");
    private static final int FIXED_BYTES = 300;
    private static final int CAPACITY_MAX = 128 << 20;
    private static final int KEY_BYTES = 64;
    /** More than the key of an index takes. */
    private static final int KEY_BYTES_MAX = 16 << 10;

    private static final int NULL_BYTES = 4;
    /** Quotes and comma around a value. */
    private static final int QUOTES_BYTES = 3;

    private final TableSchema schema;
    private final List<Column> columns;
    /** Each with quotes and colon. */
    private final byte[][] names;

    private final ValueKind[] kinds;
    private final int[] key;
    private final Map<String, Integer> positions = new HashMap<>();
    private final byte[] sourceTable;
    /** What an envelope takes beside the values, about. */
    private final int envelopeBytes;

    private RowCodec(TableSchema schema) {
        this.schema = schema;
        this.columns = schema.copiedColumns();
        this.names = columns.stream().map(c -> JsonBytes.name(c.name())).toArray(byte[][]::new);
        this.kinds = columns.stream().map(Column::kind).toArray(ValueKind[]::new);
        this.key = schema.keyPositions();
        for (int i = 0; i < names.length; i++) {
            positions.put(columns.get(i).name(), i);
        }
        this.sourceTable = sourceTable(schema);
        this.envelopeBytes = FIXED_BYTES
                + sourceTable.length
                + 2
                        * Arrays.stream(names)
                                .mapToInt(name -> name.length + QUOTES_BYTES)
                                .sum();
    }

    private static byte[] sourceTable(TableSchema schema) {
        JsonBytes json = new JsonBytes(FIXED_BYTES);
        json.raw(JsonBytes.ascii(",\"schema\":"));
        json.string(schema.id().schema());
        json.raw(JsonBytes.ascii(",\"table\":"));
        json.string(schema.id().name());
        json.raw(JsonBytes.ascii(",\"ts_ms\":"));
        return json.toByteArray();
    }

    public static RowCodec of(TableSchema schema) {
        return new RowCodec(schema);
    }

    public TableSchema schema() {
        return schema;
    }

    /**
     * One decoded record of a table topic; {@code before} and {@code after} are null where the envelope has none, {@code before} also where
     * it has the key columns only.
     */
    @SuppressWarnings("ArrayRecordComponent") // a row of the hot path: never compared, never a map key
    public record DecodedRow(
            RowOp op,
            @Nullable Object @Nullable [] before,
            @Nullable Object @Nullable [] after,
            long sourceTsMs) {}

    public static boolean isTruncateKey(byte[] key) {
        return Arrays.equals(key, TRUNCATE_KEY_BYTES);
    }

    public static byte[] truncateKey() {
        return TRUNCATE_KEY_BYTES.clone();
    }

    /** @throws IllegalArgumentException if a key column is null */
    public byte[] encodeKey(@Nullable String[] row) {
        JsonBytes json = new JsonBytes(KEY_BYTES);
        char before = '{';
        for (int position : key) {
            String text = row[position];
            if (text == null) {
                throw new IllegalArgumentException(
                        "key column " + columns.get(position).name() + " of " + schema.id() + " is null");
            }
            json.raw(before);
            json.raw(names[position]);
            writeValue(json, kinds[position], text);
            before = ',';
        }
        json.raw('}');
        return json.toByteArray();
    }

    /** Whether two rows have the same key, that is, encode to the same one. */
    public boolean isSameKey(@Nullable String[] one, @Nullable String[] other) {
        for (int position : key) {
            if (!Objects.equals(one[position], other[position])) {
                return false;
            }
        }
        return true;
    }

    /** The envelope; {@code before} or {@code after} is null where the op has none. */
    public byte[] encodeValue(
            RowOp op,
            @Nullable String @Nullable [] before,
            @Nullable String @Nullable [] after,
            Source source,
            long tsMs) {
        long expected = envelopeBytes + textLength(before) + textLength(after);
        boolean isWhole = true;
        if (expected * JsonBytes.ESCAPE_BYTES > WHOLE_BEFORE_MAX_BYTES) {
            expected = valueBytes(before) + valueBytes(after);
            isWhole = expected <= WHOLE_BEFORE_MAX_BYTES;
            expected = isWhole ? expected : valueBytes(after) + KEY_BYTES_MAX;
        }
        JsonBytes json = new JsonBytes((int) Math.min(expected, CAPACITY_MAX));
        json.raw(BEFORE);
        writeRow(json, before, isWhole);
        json.raw(AFTER);
        writeRow(json, after, true);
        json.raw(SOURCE);
        json.string(source.database());
        json.raw(sourceTable);
        json.number(source.tsMs());
        json.raw(op == RowOp.READ ? SNAPSHOT : STREAM);
        json.number(source.txId());
        json.raw(LSN);
        json.number(source.lsn());
        json.raw(OP);
        json.string(op.code());
        json.raw(TS_MS);
        json.number(tsMs);
        json.raw('}');
        return json.toByteArray();
    }

    /**
     * What an envelope takes that has this row and no other, in bytes: never less than it does, and little more. A control character
     * takes six.
     */
    public long valueBytes(@Nullable String @Nullable [] row) {
        long bytes = envelopeBytes;
        if (row != null) {
            for (String text : row) {
                bytes += text == null ? NULL_BYTES : JsonBytes.stringLength(text);
            }
        }
        return bytes;
    }

    /** The key columns' objects, in key order. @throws IllegalArgumentException if it is not a key of this table */
    public Object[] decodeKey(byte[] bytes) {
        try (JsonParser json = JSON.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("its key is not a JSON object", null);
            }
            @Nullable Object[] row = readRow(json);
            Object[] values = new Object[key.length];
            for (int i = 0; i < key.length; i++) {
                Object value = row[key[i]];
                if (value == null) {
                    throw malformed("its key lacks " + columns.get(key[i]).name(), null);
                }
                values[i] = value;
            }
            return values;
        } catch (IOException e) {
            throw malformed("its key is not JSON", e);
        }
    }

    /** @throws IllegalArgumentException if the bytes are not an envelope of this table */
    public DecodedRow decodeValue(byte[] bytes) {
        return decode(bytes, true);
    }

    /**
     * Like {@link #decodeValue}, but passes over {@code before}, which is then null: half the work for an update.
     *
     * @throws IllegalArgumentException if the bytes are not an envelope of this table
     */
    public DecodedRow decodeAfter(byte[] bytes) {
        return decode(bytes, false);
    }

    private DecodedRow decode(byte[] bytes, boolean withBefore) {
        @Nullable Object[] before = null;
        @Nullable Object[] after = null;
        RowOp op = null;
        long sourceTsMs = 0;
        try (JsonParser json = JSON.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("its value is not a JSON object", null);
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken token = json.nextToken();
                switch (field) {
                    case "before" -> {
                        if (!withBefore) {
                            json.skipChildren();
                        } else if (token != JsonToken.VALUE_NULL) {
                            before = readWhole(json);
                        }
                    }
                    case "after" -> after = token == JsonToken.VALUE_NULL ? null : readRow(json);
                    case "op" -> op = RowOp.of(json.getText());
                    case "source" -> sourceTsMs = readSourceTime(json);
                    default -> json.skipChildren();
                }
            }
        } catch (IOException e) {
            throw malformed("its value is not JSON", e);
        }
        if (op == null) {
            throw malformed("its value has no op", null);
        }
        return new DecodedRow(op, before, after, sourceTsMs);
    }

    private void writeRow(JsonBytes json, @Nullable String @Nullable [] row, boolean whole) {
        if (row == null) {
            json.nothing();
            return;
        }
        char before = '{';
        int count = whole ? names.length : key.length;
        for (int i = 0; i < count; i++) {
            int position = whole ? i : key[i];
            json.raw(before);
            json.raw(names[position]);
            String text = row[position];
            if (text == null) {
                json.nothing();
            } else {
                writeValue(json, kinds[position], text);
            }
            before = ',';
        }
        if (count == 0) {
            json.raw('{');
        }
        json.raw('}');
    }

    private static void writeValue(JsonBytes json, ValueKind kind, String text) {
        switch (kind) {
            case INTEGER -> json.number(text);
            case BOOLEAN -> json.bool(PgValues.booleanOf(text));
            case FLOAT -> {
                if (PgValues.isFloatText(text)) {
                    json.string(text);
                } else {
                    json.number(text);
                }
            }
            case BYTES, TEXT -> json.string(text);
        }
    }

    /** A row; null if it lacks columns. */
    private @Nullable Object @Nullable [] readWhole(JsonParser json) throws IOException {
        @Nullable Object[] row = new @Nullable Object[names.length];
        return readInto(row, json) < row.length ? null : row;
    }

    private @Nullable Object[] readRow(JsonParser json) throws IOException {
        @Nullable Object[] row = new @Nullable Object[names.length];
        readInto(row, json);
        return row;
    }

    /** @return how many columns were there */
    private int readInto(@Nullable Object[] row, JsonParser json) throws IOException {
        int count = 0;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            Integer position = positions.get(json.currentName());
            JsonToken token = json.nextToken();
            if (position == null) {
                throw malformed(
                        "it has a column '" + json.currentName() + "' that version " + schema.version()
                                + " does not know",
                        null);
            }
            row[position] = readValue(json, token, kinds[position]);
            count++;
        }
        return count;
    }

    static @Nullable Object readValue(JsonParser json, JsonToken token, ValueKind kind) throws IOException {
        return switch (token) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> 1L;
            case VALUE_FALSE -> 0L;
            case VALUE_NUMBER_INT -> kind == ValueKind.FLOAT ? (Object) json.getDoubleValue() : json.getLongValue();
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            default -> kind == ValueKind.BYTES ? PgValues.bytesOf(json.getText()) : json.getText();
        };
    }

    private static long readSourceTime(JsonParser json) throws IOException {
        long tsMs = 0;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean isTime = json.currentName().equals("ts_ms");
            json.nextToken();
            if (isTime) {
                tsMs = json.getLongValue();
            } else {
                json.skipChildren();
            }
        }
        return tsMs;
    }

    private static long textLength(@Nullable String @Nullable [] row) {
        long length = 0;
        if (row != null) {
            for (String text : row) {
                length += text == null ? 0 : text.length();
            }
        }
        return length;
    }

    private IllegalArgumentException malformed(String what, @Nullable IOException cause) {
        return new IllegalArgumentException("not a record of table " + schema.id() + ": " + what, cause);
    }
}
