package dev.warung.replicator.verify;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.PgValues;
import dev.warung.replicator.backup.VisibleTable;
import dev.warung.testkit.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Describes tables of PostgreSQL as capture would. */
final class SourceTables {

    private static final String COLUMNS = """
            SELECT a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), t.typname, a.attgenerated = 'v',
                   coalesce(a.attnum = ANY (i.indkey::int2[]), false)
              FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
              LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
             WHERE a.attrelid = %d AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
            """;

    private SourceTables() {}

    static VisibleTable describe(Database database, TableId id) throws SQLException {
        List<Column> columns = new ArrayList<>();
        List<String> key = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = pg_catalog");
            long oid = Long.parseLong(database.value("SELECT '" + id.quoted().replace("'", "''") + "'::regclass::oid"));
            try (ResultSet row = statement.executeQuery(COLUMNS.formatted(oid))) {
                while (row.next()) {
                    columns.add(new Column(
                            row.getInt(1),
                            row.getString(2),
                            row.getString(3),
                            PgValues.kindOf(row.getString(4)),
                            false,
                            row.getBoolean(5) ? Generated.VIRTUAL : Generated.NO,
                            null,
                            TypeMeaning.of(row.getString(3))));
                    if (row.getBoolean(6)) {
                        key.add(row.getString(2));
                    }
                }
            }
            TableSchema schema = new TableSchema(id, oid, 1, 1, "topic", columns, key, List.of(), Collation.LOCALE);
            List<String> names =
                    schema.copiedColumns().stream().map(Column::name).toList();
            return new VisibleTable(schema, id.replicaName(), names, "");
        }
    }
}
