package dev.warung.replicator.backup;

import dev.warung.core.change.TableId;
import dev.warung.core.replica.ReplicaNames;
import dev.warung.core.replica.TableLayout;
import dev.warung.core.replica.TableLayout.LayoutColumn;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.value.PgValues;
import dev.warung.core.value.ValueKind;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Changes a table from one description to the next, keeping its rows. Columns are matched by number. What SQLite's ALTER TABLE cannot do
 * (drop, NOT NULL, key) is done by a copy of the table inside the transaction.
 *
 * <p>Used only by the replicator thread.
 */
final class TableAlterer {

    private static final String REBUILD = ReplicaNames.OWN_PREFIX + "rebuild";

    private final Connection connection;

    TableAlterer(Connection connection) {
        this.connection = connection;
    }

    /** The entry with the new description, after the table has been made to fit it. */
    TableEntry alter(TableEntry entry, TableSchema schema, Set<Integer> relaxed) {
        TableLayout old = entry.layout();
        TableEntry next = entry.withSchema(schema, relaxed);
        TableLayout wanted = next.layout();
        if (!old.equals(wanted)) {
            if (canAlterInPlace(old, wanted, schema)) {
                renameColumns(entry.name(), old, wanted);
                addColumns(entry.name(), old, wanted, schema);
            } else {
                rebuild(entry, next);
            }
        }
        return next;
    }

    private static boolean canAlterInPlace(TableLayout old, TableLayout wanted, TableSchema schema) {
        List<LayoutColumn> before = old.columns();
        List<LayoutColumn> after = wanted.columns();
        if (after.size() < before.size() || !old.key().equals(wanted.key())) {
            return false;
        }
        for (int i = 0; i < before.size(); i++) {
            LayoutColumn a = before.get(i);
            LayoutColumn b = after.get(i);
            if (a.attnum() != b.attnum() || !a.type().equals(b.type()) || a.notNull() != b.notNull()) {
                return false;
            }
        }
        List<Column> columns = schema.copiedColumns();
        for (int i = before.size(); i < after.size(); i++) {
            if (after.get(i).notNull() && columns.get(i).missing() == null) {
                return false;
            }
        }
        return true;
    }

    /** In two steps, because names may be swapped. */
    private void renameColumns(String table, TableLayout old, TableLayout wanted) {
        List<LayoutColumn> renamed = new ArrayList<>();
        for (int i = 0; i < old.columns().size(); i++) {
            if (!old.columns().get(i).name().equals(wanted.columns().get(i).name())) {
                renamed.add(wanted.columns().get(i));
                renameColumn(
                        table,
                        old.columns().get(i).name(),
                        temporary(wanted.columns().get(i)));
            }
        }
        renamed.forEach(c -> renameColumn(table, temporary(c), c.name()));
    }

    private void renameColumn(String table, String from, String to) {
        Sqlite.execute(
                connection,
                "ALTER TABLE " + TableId.quote(table) + " RENAME COLUMN " + TableId.quote(from) + " TO "
                        + TableId.quote(to));
    }

    private void addColumns(String table, TableLayout old, TableLayout wanted, TableSchema schema) {
        List<Column> columns = schema.copiedColumns();
        for (int i = old.columns().size(); i < wanted.columns().size(); i++) {
            LayoutColumn column = wanted.columns().get(i);
            String missing = missing(columns.get(i));
            Sqlite.execute(
                    connection,
                    "ALTER TABLE " + TableId.quote(table) + " ADD COLUMN " + column.quoted() + " " + column.type()
                            + (missing.equals("NULL") ? "" : " DEFAULT " + missing)
                            + (column.notNull() ? " NOT NULL" : ""));
        }
    }

    private void rebuild(TableEntry entry, TableEntry next) {
        TableLayout wanted = next.layout();
        List<LayoutColumn> oldColumns = entry.layout().columns();
        List<Column> oldTypes = entry.schema().copiedColumns();
        List<String> values = new ArrayList<>();
        for (Column column : next.schema().copiedColumns()) {
            String value = missing(column);
            for (int i = 0; i < oldColumns.size(); i++) {
                if (oldColumns.get(i).attnum() == column.attnum()) {
                    value = converted(column, oldColumns.get(i), oldTypes.get(i).kind());
                }
            }
            values.add(value);
        }
        Sqlite.execute(
                connection,
                wanted.createTable(REBUILD),
                "INSERT INTO " + REBUILD + " (" + TableLayout.names(wanted.columns()) + ") SELECT "
                        + String.join(", ", values) + " FROM "
                        + TableId.quote(entry.name()),
                "DROP TABLE " + TableId.quote(entry.name()),
                "ALTER TABLE " + REBUILD + " RENAME TO " + TableId.quote(entry.name()));
    }

    private static String converted(Column column, LayoutColumn old, ValueKind oldKind) {
        if (column.kind() == oldKind) {
            return old.quoted();
        }
        if (oldKind == ValueKind.INTEGER && column.kind() == ValueKind.TEXT) {
            return "CAST(" + old.quoted() + " AS TEXT)";
        }
        throw new PipelineException(
                ErrorCode.LOG_INCONSISTENT,
                "Column " + column.name() + " became " + column.type() + " without a new generation of its table.");
    }

    private static String missing(Column column) {
        String text = column.missing();
        if (text == null) {
            return "NULL";
        }
        Object value = PgValues.toSqlite(column.kind(), text);
        if (value instanceof byte[] bytes) {
            return "x'" + HexFormat.of().formatHex(bytes) + "'";
        }
        return value instanceof String string ? "'" + string.replace("'", "''") + "'" : value.toString();
    }

    private static String temporary(LayoutColumn column) {
        return ReplicaNames.OWN_PREFIX + "column_" + column.attnum();
    }
}
