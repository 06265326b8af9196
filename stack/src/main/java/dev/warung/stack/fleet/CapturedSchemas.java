package dev.warung.stack.fleet;

import dev.warung.capture.history.TableShape;
import dev.warung.capture.source.Catalog;
import dev.warung.capture.source.SourceTable;
import dev.warung.capture.source.TablePatterns;
import dev.warung.core.change.TableId;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.where.bind.Tables;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The tables that capture follows, as PostgreSQL describes them now. They have no generation, version or topic here. */
public final class CapturedSchemas implements Tables {

    /** No table has this name, so only members of the publication are found. */
    private static final TablePatterns MEMBERS_ONLY = new TablePatterns(List.of("warung.nothing"), List.of());

    private static final String NO_TOPIC = "";
    private static final String PUBLIC = "public";

    private final Map<TableId, TableSchema> schemas;

    private CapturedSchemas(Map<TableId, TableSchema> schemas) {
        this.schemas = Map.copyOf(schemas);
    }

    /** As the session's snapshot shows them. */
    public static CapturedSchemas read(Connection connection) throws SQLException {
        String publication = publication(connection);
        Map<TableId, TableSchema> schemas = new TreeMap<>();
        for (SourceTable table : Catalog.describe(
                connection,
                Catalog.candidates(connection, MEMBERS_ONLY, publication).keySet())) {
            TableShape shape = table.shape();
            if (table.publications().contains(publication) && shape.refusal().isEmpty()) {
                schemas.put(
                        shape.id(),
                        new TableSchema(
                                shape.id(),
                                shape.oid(),
                                1,
                                1,
                                NO_TOPIC,
                                shape.columns(),
                                shape.key(),
                                shape.indexes(),
                                Collation.LOCALE));
            }
        }
        return new CapturedSchemas(schemas);
    }

    private static String publication(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select publication from warung.settings")) {
            return result.next() ? result.getString(1) : "";
        }
    }

    @Override
    public Optional<TableSchema> find(Optional<String> schema, String name) {
        return Optional.ofNullable(schemas.get(new TableId(schema.orElse(PUBLIC), name)));
    }
}
