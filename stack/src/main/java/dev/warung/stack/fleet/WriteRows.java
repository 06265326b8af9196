package dev.warung.stack.fleet;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.WriteDefinition;
import dev.warung.core.wire.WriteDefinitionCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The table {@code warung.writes}. Thread: that of the connection. */
record WriteRows(Connection connection) {

    /** All by table; empty for a definition that is not one. */
    Map<TableId, Optional<WriteDefinition>> read() throws SQLException {
        Map<TableId, Optional<WriteDefinition>> rows = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select table_name, definition::text from warung.writes")) {
            while (result.next()) {
                TableId table = TableId.parse(result.getString(1));
                rows.put(table, definition(table, result.getString(2)));
            }
        }
        return rows;
    }

    private static Optional<WriteDefinition> definition(TableId table, String text) {
        try {
            return Optional.of(WriteDefinitionCodec.decode(table, text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    void put(WriteDefinition definition) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "insert into warung.writes (table_name, definition) values (?, ?::jsonb)"
                        + " on conflict (table_name) do update set definition = excluded.definition, applied_at = now()")) {
            statement.setString(1, definition.table().table().toString());
            statement.setString(2, WriteDefinitionCodec.encode(definition));
            statement.executeUpdate();
        }
    }

    void remove(TableId table) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("delete from warung.writes where table_name = ?")) {
            statement.setString(1, table.toString());
            statement.executeUpdate();
        }
    }
}
