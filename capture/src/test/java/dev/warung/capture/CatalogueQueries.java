package dev.warung.capture;

import dev.warung.capture.history.TableShape;
import dev.warung.core.change.TableId;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.PgValues;
import dev.warung.testkit.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Describes tables for tests of the stream; the real description has tests of its own. */
final class CatalogueQueries {

    private CatalogueQueries() {}

    static TableShape shape(Database database, String table) {
        try (Connection connection = database.connect()) {
            long oid = Long.parseLong(database.value("select '" + table + "'::regclass::oid"));
            String[] name = database.query("select n.nspname || chr(1) || c.relname from pg_class c join pg_namespace n"
                            + " on n.oid = c.relnamespace where c.oid = " + oid)
                    .get(0)
                    .split("\u0001", 2);
            List<Column> columns = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(
                    "select a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), t.typname, a.attnotnull, a.attgenerated"
                            + " from pg_attribute a join pg_type t on t.oid = a.atttypid"
                            + " where a.attrelid = ? and a.attnum > 0 and not a.attisdropped order by a.attnum")) {
                statement.setLong(1, oid);
                ResultSet rows = statement.executeQuery();
                while (rows.next()) {
                    columns.add(new Column(
                            rows.getInt(1),
                            rows.getString(2),
                            rows.getString(3),
                            PgValues.kindOf(rows.getString(4)),
                            rows.getBoolean(5),
                            rows.getString(6).isEmpty() ? Generated.NO : Generated.STORED,
                            null,
                            TypeMeaning.of(rows.getString(3))));
                }
            }
            List<String> key =
                    database.query("select a.attname from pg_index i, unnest(i.indkey) with ordinality k(n, o)"
                            + " join pg_attribute a on a.attnum = k.n where i.indrelid = " + oid
                            + " and a.attrelid = i.indrelid and i.indisprimary order by k.o");
            return new TableShape(
                    new TableId(name[0], name[1]), oid, columns, key, List.of(), Optional.<String>empty());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
