package dev.warung.replicator.model;

import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.value.PgValues;
import dev.warung.core.value.ValueKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A table of the model: its description and its rows by the text of their key. */
final class ModelTable {

    TableSchema schema;
    final TreeMap<String, @Nullable String[]> rows = new TreeMap<>();

    ModelTable(TableSchema schema) {
        this.schema = schema;
    }

    String keyOf(@Nullable String[] row) {
        StringBuilder key = new StringBuilder();
        for (int position : schema.keyPositions()) {
            key.append(row[position]).append('\u0001');
        }
        return key.toString();
    }

    /** Takes a new description: values follow their column numbers. */
    void reshape(TableSchema next) {
        Map<Integer, Integer> old = new HashMap<>();
        List<Column> before = schema.copiedColumns();
        for (int i = 0; i < before.size(); i++) {
            old.put(before.get(i).attnum(), i);
        }
        List<Column> after = next.copiedColumns();
        rows.replaceAll((key, row) -> {
            @Nullable String[] values = new @Nullable String[after.size()];
            for (int i = 0; i < values.length; i++) {
                Integer position = old.get(after.get(i).attnum());
                values[i] = position == null ? after.get(i).missing() : row[position];
            }
            return values;
        });
        schema = next;
    }

    /** Its rows as text, sorted. */
    List<String> dump() {
        List<Column> columns = schema.copiedColumns();
        List<String> lines = new ArrayList<>();
        for (@Nullable String[] row : rows.values()) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < row.length; i++) {
                values.add(comparable(columns.get(i).kind(), row[i]));
            }
            lines.add(String.join("|", values));
        }
        lines.sort(null);
        return lines;
    }

    static String comparable(ValueKind kind, @Nullable String text) {
        if (text == null) {
            return "~";
        }
        return kind == ValueKind.FLOAT && !PgValues.isFloatText(text) ? PgValues.canonicalFloat(text) : text;
    }
}
