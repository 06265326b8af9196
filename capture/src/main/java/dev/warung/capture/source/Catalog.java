package dev.warung.capture.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.warung.core.change.TableId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads PostgreSQL's catalogue over a canonical session. */
public final class Catalog {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DESCRIBE = SqlResource.describe("?", "true");

    /** The control rows, and tables that the patterns name or the publication has; partitions are in their root. */
    private static final String CANDIDATES = """
            select c.oid::int8, n.nspname, c.relname
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'
                and (n.nspname = 'warung'
                    and c.relname in ('shapes', 'outlets', 'writes', 'ledger', 'conflicts', 'id_map', 'sync_log', 'outlet_sessions', 'outlet_copies')
                    or n.nspname <> all ('{warung,pg_catalog,information_schema,pg_toast}'::pg_catalog.text[])
                    and ((n.nspname || '.' || c.relname) ~ ? and not (n.nspname || '.' || c.relname) ~ ?
                        or exists (
                            select from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid
                            where p.pubname = ? and r.prrelid = c.oid)))
            order by c.oid
            """;

    private Catalog() {}

    /** The tables to be captured by oid, those that may turn out to be refused too; takes no lock. */
    public static Map<Long, TableId> candidates(Connection connection, TablePatterns patterns, String publication)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CANDIDATES)) {
            statement.setString(1, patterns.includeRegex());
            statement.setString(2, patterns.excludeRegex());
            statement.setString(3, publication);
            Map<Long, TableId> candidates = new LinkedHashMap<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    candidates.put(result.getLong(1), new TableId(result.getString(2), result.getString(3)));
                }
            }
            return candidates;
        }
    }

    /** The tables with these oids as they are now, in oid order; those that are gone are left out. Waits for DDL that is under way. */
    public static List<SourceTable> describe(Connection connection, Collection<Long> oids) throws SQLException {
        Array array = connection.createArrayOf("oid", oids.toArray());
        try (PreparedStatement statement = connection.prepareStatement(DESCRIBE)) {
            statement.setArray(1, array);
            List<SourceTable> tables = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    tables.add(SourceTable.of(JSON.readTree(result.getString(2))));
                }
            }
            return tables;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PostgreSQL printed a description that is not JSON", e);
        }
    }
}
