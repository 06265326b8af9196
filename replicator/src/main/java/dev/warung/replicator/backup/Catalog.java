package dev.warung.replicator.backup;

import dev.warung.core.schema.TableSchema;
import dev.warung.core.wire.SchemaCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The table generations of this replica and every description they had, in memory and in {@code _warung_catalog} and
 * {@code _warung_schema_history}; both change in the transaction of the rows. Used only by the replicator thread.
 */
final class Catalog {

    private static final String TABLES = """
            CREATE TABLE IF NOT EXISTS _warung_catalog (
              topic TEXT PRIMARY KEY NOT NULL, replica_name TEXT NOT NULL, table_schema TEXT NOT NULL, table_name TEXT NOT NULL,
              state TEXT NOT NULL, since TEXT NOT NULL, rebuilding_since TEXT, reason TEXT NOT NULL, visible INTEGER NOT NULL,
              epoch INTEGER NOT NULL, oid INTEGER NOT NULL, generation INTEGER NOT NULL, version INTEGER NOT NULL,
              since_ms INTEGER NOT NULL, relaxed TEXT NOT NULL, description TEXT NOT NULL) STRICT""";
    private static final String HISTORY = """
            CREATE TABLE IF NOT EXISTS _warung_schema_history (
              version INTEGER PRIMARY KEY, topic TEXT NOT NULL, description TEXT NOT NULL) STRICT""";
    private static final String COLUMNS = """
            CREATE VIEW IF NOT EXISTS _warung_columns AS
              SELECT c.replica_name, c.table_schema, c.table_name, j.value ->> 'attnum' AS attnum, j.value ->> 'name' AS column_name,
                     j.value ->> 'type' AS postgres_type, j.value ->> 'not_null' AS not_null, j.value ->> 'generated' AS generated
              FROM _warung_catalog c, json_each(c.description, '$.columns') j WHERE c.visible = 1""";

    private final Connection connection;
    private final Map<String, TableEntry> byTopic = new LinkedHashMap<>();
    private final Map<Integer, TableSchema> history = new HashMap<>();

    Catalog(Connection connection) {
        this.connection = connection;
        Sqlite.execute(connection, TABLES, HISTORY, COLUMNS);
        load();
    }

    Collection<TableEntry> all() {
        return List.copyOf(byTopic.values());
    }

    Optional<TableEntry> byTopic(String topic) {
        return Optional.ofNullable(byTopic.get(topic));
    }

    List<TableEntry> byOid(long oid) {
        return byTopic.values().stream().filter(e -> e.schema().oid() == oid).toList();
    }

    /** The description with a version; empty if this replica has never seen it. */
    Optional<TableSchema> version(int version) {
        return Optional.ofNullable(history.get(version));
    }

    /** Every description that a generation has had. */
    List<TableSchema> versionsOf(String topic) {
        return history.values().stream().filter(s -> s.topic().equals(topic)).toList();
    }

    void remember(TableSchema schema) {
        history.put(schema.version(), schema);
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT OR REPLACE INTO _warung_schema_history VALUES (?, ?, ?)")) {
            statement.setInt(1, schema.version());
            statement.setString(2, schema.topic());
            statement.setString(3, SchemaCodec.describe(schema));
            statement.executeUpdate();
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot write the schema history");
        }
    }

    void put(TableEntry entry) {
        TableSchema schema = entry.schema();
        byTopic.put(schema.topic(), entry);
        String since = Instant.ofEpochMilli(entry.sinceMs()).toString();
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT OR REPLACE INTO _warung_catalog VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            int i = 0;
            statement.setString(++i, schema.topic());
            statement.setString(++i, entry.name());
            statement.setString(++i, schema.id().schema());
            statement.setString(++i, schema.id().name());
            statement.setString(++i, entry.state().text());
            statement.setString(++i, since);
            statement.setString(++i, entry.state() == TableState.REBUILDING ? since : null);
            statement.setString(++i, entry.reason());
            statement.setBoolean(++i, entry.isVisible());
            statement.setInt(++i, entry.epoch());
            statement.setLong(++i, schema.oid());
            statement.setInt(++i, schema.generation());
            statement.setInt(++i, schema.version());
            statement.setLong(++i, entry.sinceMs());
            statement.setString(
                    ++i, entry.relaxed().stream().sorted().map(String::valueOf).collect(Collectors.joining(",")));
            statement.setString(++i, SchemaCodec.describe(schema));
            statement.executeUpdate();
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot write the catalogue");
        }
    }

    /** Forgets a generation and all its descriptions. */
    void remove(TableEntry entry) {
        String topic = entry.schema().topic();
        byTopic.remove(topic);
        history.values().removeIf(s -> s.topic().equals(topic));
        for (String table : List.of("_warung_catalog", "_warung_schema_history", "_warung_topics")) {
            try (PreparedStatement statement =
                    connection.prepareStatement("DELETE FROM " + table + " WHERE topic = ?")) {
                statement.setString(1, topic);
                statement.executeUpdate();
            } catch (SQLException e) {
                throw Sqlite.failure(e, "Cannot write the catalogue");
            }
        }
    }

    private void load() {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT version, description FROM _warung_schema_history")) {
                while (rows.next()) {
                    history.put(rows.getInt(1), SchemaCodec.parse(rows.getString(2)));
                }
            }
            try (ResultSet rows = statement.executeQuery("""
                    SELECT description, epoch, state, visible, replica_name, since_ms, reason, relaxed
                    FROM _warung_catalog ORDER BY version""")) {
                while (rows.next()) {
                    TableSchema schema = SchemaCodec.parse(rows.getString(1));
                    byTopic.put(
                            schema.topic(),
                            new TableEntry(
                                    schema,
                                    rows.getInt(2),
                                    TableState.of(rows.getString(3)),
                                    rows.getBoolean(4),
                                    rows.getString(5),
                                    rows.getLong(6),
                                    rows.getString(7),
                                    attnums(rows.getString(8))));
                }
            }
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot read the catalogue");
        }
    }

    private static Set<Integer> attnums(String text) {
        return Stream.of(text.split(",", -1))
                .filter(t -> !t.isEmpty())
                .map(Integer::valueOf)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
