package dev.warung.replicator.backup;

import dev.warung.core.change.TableId;
import dev.warung.core.replica.TableLayout.LayoutColumn;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.wire.SchemaCodec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table that the backup shows, as anybody may read it from the file.
 *
 * @param name what SQLite calls it
 * @param columns what SQLite calls its columns, in the order of {@link TableSchema#copiedColumns()}
 * @param frozen why it does not follow PostgreSQL now; empty if it does
 */
public record VisibleTable(TableSchema schema, String name, List<String> columns, String frozen) {

    public VisibleTable {
        columns = List.copyOf(columns);
    }

    /** All visible tables, by any connection to the file: what the catalogue says in that connection's transaction. */
    public static List<VisibleTable> read(Connection connection) throws SQLException {
        List<VisibleTable> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT description, replica_name, state, since, reason FROM _warung_catalog
                        WHERE visible = 1 ORDER BY table_schema, table_name""")) {
            while (rows.next()) {
                TableSchema schema = SchemaCodec.parse(rows.getString(1));
                TableState state = TableState.of(rows.getString(3));
                tables.add(new VisibleTable(
                        schema,
                        rows.getString(2),
                        SchemaMapper.layout(schema, Set.of()).columns().stream()
                                .map(LayoutColumn::name)
                                .toList(),
                        state == TableState.LIVE ? "" : frozen(state, rows.getString(4), rows.getString(5))));
            }
        }
        return tables;
    }

    /** Tables of which a generation is out of sight because its rows are still being copied, and since when. */
    public static Map<TableId, String> beingCopied(Connection connection) throws SQLException {
        Map<TableId, String> tables = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT table_schema, table_name, since FROM _warung_catalog WHERE visible = 0")) {
            while (rows.next()) {
                tables.put(new TableId(rows.getString(1), rows.getString(2)), rows.getString(3));
            }
        }
        return tables;
    }

    private static String frozen(TableState state, String since, String reason) {
        return state.text() + " since " + since + (reason.isEmpty() ? "" : ": " + reason);
    }
}
