package dev.warung.capture.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Reads PostgreSQL's catalogue over a canonical session. */
public final class Catalog {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DESCRIBE = SqlResource.describe("?");

    /** Tables that the patterns name or the publication has; partitions are in their root. */
    private static final String CANDIDATES = """
            select c.oid::int8
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'
                and n.nspname <> all ('{warung,pg_catalog,information_schema,pg_toast}'::pg_catalog.text[])
                and ((n.nspname || '.' || c.relname) ~ ? and not (n.nspname || '.' || c.relname) ~ ?
                    or exists (
                        select from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid
                        where p.pubname = ? and r.prrelid = c.oid))
            order by c.oid
            """;

    private Catalog() {}

    /** The oids of the tables to be captured, those that may turn out to be refused too. */
    public static List<Long> candidates(Connection connection, TablePatterns patterns, String publication)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CANDIDATES)) {
            statement.setString(1, patterns.includeRegex());
            statement.setString(2, patterns.excludeRegex());
            statement.setString(3, publication);
            List<Long> oids = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    oids.add(result.getLong(1));
                }
            }
            return oids;
        }
    }

    /** The tables with these oids as they are now, in oid order; those that are gone are left out. */
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
