package dev.warung.intake.rows;

import dev.warung.core.change.TableId;
import dev.warung.core.value.PgValues;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** PostgreSQL's descriptions of the tables, kept until {@link #forget}. Thread: that of the connection. */
final class WrittenTables {

    private static final String COLUMNS = """
            select a.attname, a.attgenerated, (
                with recursive d as (
                    select t.typname, t.typbasetype from pg_catalog.pg_type t where t.oid = a.atttypid
                    union all
                    select t.typname, t.typbasetype from d join pg_catalog.pg_type t on t.oid = d.typbasetype)
                select d.typname from d where d.typbasetype = 0), pg_catalog.format_type(a.atttypid, a.atttypmod)
            from pg_catalog.pg_attribute a
            join pg_catalog.pg_class c on c.oid = a.attrelid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname = ? and c.relname = ? and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
            order by a.attnum
            """;

    /** As capture chooses it: the primary key, else the smallest unique index over columns that are never NULL. */
    private static final String KEY = """
            select array(
                select a.attname::text
                from pg_catalog.generate_series(0, i.indnkeyatts - 1) place
                join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[place]
                order by place)
            from pg_catalog.pg_index i
            join pg_catalog.pg_class c on c.oid = i.indrelid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname = ? and c.relname = ? and i.indisunique and i.indimmediate and i.indisvalid and i.indpred is null
                and i.indexprs is null and not exists (
                    select from pg_catalog.pg_attribute a
                    where a.attrelid = i.indrelid and a.attnum = any ((i.indkey::int2[])[0 : i.indnkeyatts - 1]) and not a.attnotnull)
            order by i.indisprimary desc, i.indisreplident desc, i.indnkeyatts, i.indexrelid
            limit 1
            """;

    private static final Set<String> TEXTS = Set.of("text", "varchar", "bpchar", "name", "json");

    private final Connection connection;
    private final Map<TableId, Optional<WrittenTable>> known = new HashMap<>();

    WrittenTables(Connection connection) {
        this.connection = connection;
    }

    Optional<WrittenTable> find(TableId id) throws SQLException {
        Optional<WrittenTable> table = known.get(id);
        if (table == null) {
            table = read(id);
            known.put(id, table);
        }
        return table;
    }

    void forget() {
        known.clear();
    }

    private Optional<WrittenTable> read(TableId id) throws SQLException {
        Map<String, WrittenTable.Column> columns = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            name(statement, id);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    String name = result.getString(1);
                    String generated = result.getString(2);
                    if (!generated.equals("v")) {
                        columns.put(
                                name,
                                new WrittenTable.Column(
                                        name,
                                        result.getString(4),
                                        PgValues.kindOf(result.getString(3)),
                                        TEXTS.contains(result.getString(3)),
                                        !generated.isEmpty()));
                    }
                }
            }
        }
        return columns.isEmpty() ? Optional.empty() : Optional.of(new WrittenTable(id, columns, key(id)));
    }

    private List<String> key(TableId id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(KEY)) {
            name(statement, id);
            try (ResultSet result = statement.executeQuery()) {
                List<String> key = new ArrayList<>();
                if (result.next()) {
                    key.addAll(List.of((String[]) result.getArray(1).getArray()));
                }
                return key;
            }
        }
    }

    private static void name(PreparedStatement statement, TableId id) throws SQLException {
        statement.setString(1, id.schema());
        statement.setString(2, id.name());
    }
}
