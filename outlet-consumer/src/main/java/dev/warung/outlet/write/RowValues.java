package dev.warung.outlet.write;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warung.core.upload.RowImage;
import dev.warung.core.value.PgValues;
import dev.warung.core.value.ValueKind;
import dev.warung.outlet.write.LocalTable.LocalColumn;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of one table in their three forms: as SQLite has them, as the journal has them, and as they travel. Thread: any. */
public final class RowValues {

    private static final String INFINITY = "Infinity";
    private static final String MINUS_INFINITY = "-Infinity";

    private final LocalTable table;

    public RowValues(LocalTable table) {
        this.table = table;
    }

    public LocalTable table() {
        return table;
    }

    /** @param row SQLite's values in the order of the columns */
    public RowImage fromSqlite(@Nullable Object[] row) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = 0; i < row.length; i++) {
            LocalColumn column = table.columns().get(i);
            values.put(column.name(), wire(column.kind(), row[i]));
        }
        return new RowImage(values);
    }

    /**
     * SQLite's values in the order of the columns. A column that the row does not have, or whose value the table does not take any more, is
     * null, or the type's zero: a row from before a change of the table must not stop everything.
     */
    public @Nullable Object[] toSqlite(RowImage row) {
        return table.columns().stream()
                .map(c -> sqlite(c, row.values().get(c.name())))
                .toArray();
    }

    /** @param key SQLite's values in key order */
    public String keyText(@Nullable Object[] key) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < key.length; i++) {
            values.add(wire(table.keyColumns().get(i).kind(), key[i]));
        }
        return KeyText.of(values);
    }

    /** @param row SQLite's values in the order of the columns */
    public String keyTextOf(@Nullable Object[] row) {
        return keyText(table.key().stream().map(i -> row[i]).toArray());
    }

    public String keyText(RowImage row) {
        return KeyText.of(
                table.keyColumns().stream().map(c -> row.get(c.name())).toList());
    }

    /** SQLite's values of a key as {@link #keyText} writes it, in key order. */
    public @Nullable Object[] keyToSqlite(String keyText) {
        List<@Nullable Object> values = KeyText.read(keyText);
        @Nullable Object[] key = new @Nullable Object[values.size()];
        for (int i = 0; i < key.length; i++) {
            key[i] = sqlite(table.keyColumns().get(i), values.get(i));
        }
        return key;
    }

    /** The key as a row of its columns. */
    public RowImage keyRow(String keyText) {
        List<@Nullable Object> values = KeyText.read(keyText);
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            named.put(table.keyColumns().get(i).name(), values.get(i));
        }
        return new RowImage(named);
    }

    /** A row of the journal: an array of arrays. */
    public RowImage fromJournal(String json) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        int i = 0;
        for (JsonNode part : KeyText.tree(json)) {
            for (JsonNode value : part) {
                LocalColumn column = table.columns().get(i);
                values.put(column.name(), wire(column.kind(), fromJournal(column.kind(), value)));
                i++;
            }
        }
        return new RowImage(values);
    }

    public String keyFromJournal(String json) {
        List<@Nullable Object> values = new ArrayList<>();
        for (JsonNode value : KeyText.tree(json)) {
            ValueKind kind = table.keyColumns().get(values.size()).kind();
            values.add(wire(kind, fromJournal(kind, value)));
        }
        return KeyText.of(values);
    }

    private static @Nullable Object fromJournal(ValueKind kind, JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        if (value.isNumber()) {
            return value.longValue();
        }
        String text = value.asText();
        return switch (kind) {
            case INTEGER, BOOLEAN, TEXT -> text;
            case BYTES -> HexFormat.of().parseHex(text);
            case FLOAT -> floatFromJournal(text);
        };
    }

    private static Object floatFromJournal(String text) {
        String rest = text.substring(1);
        return switch (text.charAt(0)) {
            case 'r' ->
                switch (rest.toLowerCase(Locale.ROOT)) {
                    case "inf" -> Double.POSITIVE_INFINITY;
                    case "-inf" -> Double.NEGATIVE_INFINITY;
                    default -> Double.parseDouble(rest);
                };
            case 'b' -> HexFormat.of().parseHex(rest);
            default -> rest;
        };
    }

    /** What a value of the file is on its way. */
    static @Nullable Object wire(ValueKind kind, @Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return PgValues.fromSqlite(ValueKind.BYTES, bytes);
        }
        if (value instanceof Number number) {
            return switch (kind) {
                case BOOLEAN -> number.longValue() != 0;
                case FLOAT -> wireFloat(number.doubleValue());
                case INTEGER, BYTES, TEXT -> value instanceof Integer ? (Object) number.longValue() : value;
            };
        }
        return value;
    }

    private static Object wireFloat(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? INFINITY : MINUS_INFINITY;
        }
        boolean isMinusZero = value == 0 && Double.doubleToRawLongBits(value) != 0;
        return isMinusZero ? "-0" : (Object) value;
    }

    private static @Nullable Object sqlite(LocalColumn column, @Nullable Object value) {
        Object taken = value == null ? null : taken(column.kind(), value);
        if (taken != null || !column.notNull()) {
            return taken;
        }
        return switch (column.kind()) {
            case INTEGER, BOOLEAN -> 0L;
            case FLOAT -> 0.0;
            case BYTES -> new byte[0];
            case TEXT -> "";
        };
    }

    private static @Nullable Object taken(ValueKind kind, Object value) {
        try {
            return strict(kind, value);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * SQLite's value.
     *
     * @throws IllegalArgumentException if the column does not take it
     */
    public static @Nullable Object strictToSqlite(LocalColumn column, @Nullable Object value) {
        return value == null ? null : strict(column.kind(), value);
    }

    private static Object strict(ValueKind kind, Object value) {
        return switch (kind) {
            case INTEGER -> value instanceof Long n ? n : (Object) Long.parseLong(value.toString());
            case BOOLEAN -> value instanceof Boolean b ? (b ? 1L : 0L) : (Object) Long.parseLong(value.toString());
            case FLOAT -> value instanceof Number n ? (Object) n.doubleValue() : value.toString();
            case BYTES -> PgValues.bytesOf(value.toString());
            case TEXT -> value.toString();
        };
    }

    /**
     * The key whose columns are these texts.
     *
     * @throws IllegalArgumentException if a text is not of its column's kind
     */
    public String keyOf(List<String> texts) {
        @Nullable Object[] key = new @Nullable Object[texts.size()];
        for (int i = 0; i < key.length; i++) {
            key[i] = strict(table.keyColumns().get(i).kind(), texts.get(i));
        }
        return keyText(key);
    }
}
