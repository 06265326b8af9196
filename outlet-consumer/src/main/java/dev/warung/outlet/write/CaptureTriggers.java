package dev.warung.outlet.write;

import dev.warung.core.change.TableId;
import dev.warung.core.value.ValueKind;
import dev.warung.outlet.write.LocalTable.LocalColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The triggers that write down what stood in a row before each local write, as SQL.
 *
 * <p>What stands after a write is what stands before the next one, or in the table: so only triggers that run before a write see rows, and
 * triggers of the application, which SQLite runs in any order, cannot confuse them. Only the key of a new row is told afterwards, since
 * SQLite gives it a number then.
 *
 * <p>A connection without {@code recursive_triggers} says nothing of rows that REPLACE takes away: so an insert, or a change of a key,
 * first writes down whatever row stands where it goes, and those that it would displace from a unique index.
 *
 * <p>Built-in functions only: the programs that fire the triggers have none of ours. JSON of SQLite holds integers and texts of any
 * content without loss; blobs and floats are written as texts.
 */
public final class CaptureTriggers {

    public static final String PREFIX = "_warung_capture_";

    /** Where the table holds a row with this key before an insert. */
    static final String OCCUPANT = "o";

    static final String INSERTED = "i";
    static final String UPDATED = "u";
    /** A row of another key comes here. */
    static final String MOVED = "m";

    static final String DELETED = "d";

    private static final String NOT_OURS = " WHEN NOT EXISTS (SELECT 1 FROM _warung_guard)";
    private static final String NOW_MS = "CAST((julianday('now') - 2440587.5) * 86400000 + 0.5 AS INTEGER)";
    private static final String INTO = "INSERT INTO _warung_journal (tbl, kind, key, before, at_ms) ";

    /** SQLite's functions take 127 arguments in older versions. */
    private static final int ARGUMENTS_MAX = 100;

    private final LocalTable table;
    private final List<List<String>> unique;

    private CaptureTriggers(LocalTable table, List<List<String>> unique) {
        this.table = table;
        this.unique = unique;
    }

    /**
     * The triggers of a table, by name.
     *
     * @param unique columns of the application's unique indexes, by SQLite's names
     */
    public static Map<String, String> of(LocalTable table, List<List<String>> unique) {
        return new CaptureTriggers(table, unique).all();
    }

    private Map<String, String> all() {
        Map<String, String> triggers = new LinkedHashMap<>();
        add(triggers, "before_insert", "BEFORE INSERT", occupants(""));
        add(triggers, "after_insert", "AFTER INSERT", List.of(note(INSERTED, "NEW", false) + ";"));
        List<String> update = new ArrayList<>();
        update.add(note(UPDATED, "OLD", true) + ";");
        update.addAll(occupants(" AND NOT (" + same("x", "OLD") + ")"));
        update.add(note(MOVED, "NEW", false) + " WHERE NOT (" + same("NEW", "OLD") + ");");
        add(triggers, "before_update", "BEFORE UPDATE", update);
        add(triggers, "before_delete", "BEFORE DELETE", List.of(note(DELETED, "OLD", true) + ";"));
        return triggers;
    }

    private void add(Map<String, String> triggers, String when, String event, List<String> body) {
        String name = PREFIX + table.number() + "_" + when;
        triggers.put(
                name,
                "CREATE TRIGGER " + name + " " + event + " ON " + TableId.quote(table.name()) + NOT_OURS + " BEGIN "
                        + String.join(" ", body) + " END");
    }

    /** The rows that would have to go for NEW: one with its key, and those that a unique index forbids beside it. */
    private List<String> occupants(String unless) {
        List<String> notes = new ArrayList<>();
        notes.add(note(OCCUPANT, "x", true) + " FROM " + TableId.quote(table.name()) + " AS x WHERE " + same("x", "NEW")
                + unless + ";");
        for (List<String> columns : unique) {
            String clash = columns.stream()
                    .map(c -> "x." + TableId.quote(c) + " = NEW." + TableId.quote(c))
                    .collect(Collectors.joining(" AND "));
            notes.add(note(OCCUPANT, "x", true) + " FROM " + TableId.quote(table.name()) + " AS x WHERE " + clash
                    + " AND NOT (" + same("x", "NEW") + ")" + unless + ";");
        }
        return notes;
    }

    private String note(String kind, String row, boolean withRow) {
        return INTO + "SELECT " + table.number() + ", '" + kind + "', " + array(table.keyColumns(), row) + ", "
                + (withRow ? whole(row) : "NULL") + ", " + NOW_MS;
    }

    private String same(String one, String other) {
        return table.keyColumns().stream()
                .map(c -> one + "." + c.quoted() + " = " + other + "." + c.quoted())
                .collect(Collectors.joining(" AND "));
    }

    /** An array of arrays, each of as many columns as a function takes. */
    private String whole(String row) {
        List<String> parts = new ArrayList<>();
        List<LocalColumn> columns = table.columns();
        for (int from = 0; from < columns.size(); from += ARGUMENTS_MAX) {
            parts.add(array(columns.subList(from, Math.min(columns.size(), from + ARGUMENTS_MAX)), row));
        }
        return "json_array(" + String.join(", ", parts) + ")";
    }

    private static String array(List<LocalColumn> columns, String row) {
        return columns.stream()
                .map(column -> value(column.kind(), row + "." + column.quoted()))
                .collect(Collectors.joining(", ", "json_array(", ")"));
    }

    /** What {@link JournalRow} reads back. */
    private static String value(ValueKind kind, String column) {
        return switch (kind) {
            case INTEGER, BOOLEAN, TEXT -> column;
            case BYTES -> "CASE WHEN " + column + " IS NOT NULL THEN hex(" + column + ") END";
            case FLOAT ->
                "CASE typeof(" + column + ") WHEN 'real' THEN 'r' || quote(" + column + ") WHEN 'text' THEN 't' || "
                        + column + " WHEN 'blob' THEN 'b' || hex(" + column + ") ELSE " + column + " END";
        };
    }
}
