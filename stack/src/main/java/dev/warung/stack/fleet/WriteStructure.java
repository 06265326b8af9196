package dev.warung.stack.fleet;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.WritableTable.Reference;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What PostgreSQL's catalogue says of a table that outlets write, beyond what the log knows of it.
 *
 * @param assigned columns whose values PostgreSQL gives out
 * @param references declared foreign keys to tables that outlets write too
 */
record WriteStructure(Set<String> assigned, List<Reference> references) {

    private static final String ASSIGNED = """
            select a.attname
            from pg_catalog.pg_attribute a left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            where a.attrelid = ?::pg_catalog.regclass and a.attnum > 0 and not a.attisdropped
                and (a.attidentity <> '' or pg_catalog.pg_get_expr(d.adbin, d.adrelid) like 'nextval(%')
            """;

    private static final String REFERENCES = """
            select n.nspname, c.relname, array(
                    select a.attname::text from pg_catalog.unnest(f.conkey) with ordinality k (num, place)
                    join pg_catalog.pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.num order by k.place), array(
                    select a.attname::text from pg_catalog.unnest(f.confkey) with ordinality k (num, place)
                    join pg_catalog.pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.num order by k.place)
            from pg_catalog.pg_constraint f
            join pg_catalog.pg_class c on c.oid = f.confrelid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where f.contype = 'f' and f.conrelid = ?::pg_catalog.regclass
            order by f.conname
            """;

    /** @param writable the tables that outlets write */
    static WriteStructure read(Connection connection, TableId table, Set<TableId> writable) throws SQLException {
        List<String> assigned = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(ASSIGNED)) {
            statement.setString(1, table.quoted());
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    assigned.add(result.getString(1));
                }
            }
        }
        List<Reference> references = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(REFERENCES)) {
            statement.setString(1, table.quoted());
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    TableId other = new TableId(result.getString(1), result.getString(2));
                    if (writable.contains(other)) {
                        references.add(new Reference(
                                List.of((String[]) result.getArray(3).getArray()), other, List.of((String[])
                                        result.getArray(4).getArray())));
                    }
                }
            }
        }
        return new WriteStructure(Set.copyOf(assigned), references);
    }
}
