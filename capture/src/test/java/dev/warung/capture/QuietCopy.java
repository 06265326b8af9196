package dev.warung.capture;

import dev.warung.capture.copy.CopySink;
import dev.warung.capture.copy.InitialCopy;
import dev.warung.capture.history.TableShape;
import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.value.PgSession;
import dev.warung.testkit.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The initial copy of a database nobody writes to meanwhile. */
final class QuietCopy implements InitialCopy {

    private final Database database;
    private final List<TableShape> tables;
    private final Lsn consistentPoint;

    QuietCopy(Database database, String slot, List<String> tables) {
        this.database = database;
        database.query("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '" + slot
                + "'");
        this.consistentPoint = Lsn.parse(
                database.value("select lsn from pg_create_logical_replication_slot('" + slot + "', 'pgoutput')"));
        this.tables = tables.stream()
                .map(table -> CatalogueQueries.shape(database, table))
                .toList();
    }

    @Override
    public Lsn consistentPoint() {
        return consistentPoint;
    }

    @Override
    public List<TableShape> tables() {
        return tables;
    }

    @Override
    public void copy(Map<Long, TableSchema> schemas, CopySink sink) throws InterruptedException {
        for (TableSchema schema : schemas.values()) {
            sink.rows(schema, rows(database, schema));
        }
    }

    @Override
    public void close() {}

    /** All rows of a table as canonical texts, in the order of its copied columns. */
    static List<@Nullable String[]> rows(Database database, TableSchema schema) {
        List<@Nullable String[]> rows = new ArrayList<>();
        String columns = schema.copiedColumns().stream()
                .map(Column::name)
                .map(TableId::quote)
                .collect(Collectors.joining(", "));
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : PgSession.PRINTS_CANONICAL) {
                statement.execute(sql);
            }
            try (ResultSet result = statement.executeQuery(
                    "select " + columns + " from " + schema.id().quoted())) {
                while (result.next()) {
                    @Nullable
                    String[] row = new @Nullable String[schema.copiedColumns().size()];
                    for (int i = 0; i < row.length; i++) {
                        row[i] = result.getString(i + 1);
                    }
                    rows.add(row);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return rows;
    }
}
