package dev.warung.intake.rows;

import dev.warung.core.change.TableId;
import dev.warung.core.value.ValueKind;
import java.util.List;
import java.util.Map;

/**
 * A table as PostgreSQL's catalogue describes it.
 *
 * @param columns those that have a value in the row, in their order
 * @param key the columns by which the log knows a row; empty if there is none
 */
record WrittenTable(TableId id, Map<String, Column> columns, List<String> key) {

    /**
     * One column.
     *
     * @param type as SQL
     * @param isText whether its values are texts, which mean nothing but themselves
     * @param isGenerated whether PostgreSQL computes it
     */
    record Column(String name, String type, ValueKind kind, boolean isText, boolean isGenerated) {}

    String sql() {
        return id.quoted();
    }
}
