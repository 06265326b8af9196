package dev.warung.capture.source;

import dev.warung.capture.history.TableShape;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables that capture is meant to follow, with those that it cannot and why. */
record CapturedTables(TablePatterns patterns, String publication) {

    private static final String NOT_JOINED = "it is not in the publication yet; it joins by itself";

    /** As the session's snapshot shows them. */
    List<SourceTable> read(Connection connection) throws SQLException {
        Map<Long, String> held = held(connection);
        List<SourceTable> tables = new ArrayList<>();
        for (SourceTable table : Catalog.describe(
                connection,
                Catalog.candidates(connection, patterns, publication).keySet())) {
            Optional<String> refusal = table.shape()
                    .refusal()
                    .or(() -> Optional.ofNullable(held.get(table.shape().oid())))
                    .or(() -> table.publications().contains(publication) ? Optional.empty() : Optional.of(NOT_JOINED));
            tables.add(withRefusal(table, refusal));
        }
        return tables;
    }

    private static Map<Long, String> held(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select oid::int8, reason from warung.held")) {
            Map<Long, String> held = new HashMap<>();
            while (result.next()) {
                held.put(result.getLong(1), result.getString(2));
            }
            return held;
        }
    }

    private static SourceTable withRefusal(SourceTable table, Optional<String> refusal) {
        TableShape shape = table.shape();
        TableShape refused = new TableShape(
                shape.id(), shape.oid(), shape.columns(), shape.key(), shape.indexes(), refusal, shape.collation());
        return new SourceTable(
                refused, table.identity(), table.identityLost(), table.tree(), table.publications(), table.notes());
    }
}
