package dev.warung.outlet.replica;

import dev.warung.core.change.TableId;
import dev.warung.core.replica.ReplicaNames;
import dev.warung.core.replica.TableLayout;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.ShapeSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables that the application sees, in {@code _warung_tables} and in memory. Used only by the outlet thread. */
final class TableStore {

    private static final String TABLES = """
            CREATE TABLE IF NOT EXISTS _warung_tables (
              table_schema TEXT NOT NULL, table_name TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL, shared INTEGER NOT NULL,
              PRIMARY KEY (table_schema, table_name)) STRICT""";

    private final Connection connection;
    private final Map<TableId, AppTable> tables = new HashMap<>();

    TableStore(Connection connection) {
        this.connection = connection;
        Sqlite.execute(connection, TABLES);
    }

    /** Reads the tables; their columns are those of the feeds that hold them. */
    void load(List<Feed> live) {
        Map<TableId, TableLayout> layouts = new HashMap<>();
        live.forEach(feed -> feed.schema()
                .map(ShapeSchema::tables)
                .orElse(List.of())
                .forEach(table -> layouts.put(table.id(), AppTable.layoutOf(table))));
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM _warung_tables")) {
            while (rows.next()) {
                TableId id = new TableId(rows.getString("table_schema"), rows.getString("table_name"));
                TableLayout layout = layouts.get(id);
                if (layout == null) {
                    throw new PipelineException(ErrorCode.REPLICA_DAMAGED, "No shape holds table " + id + ".");
                }
                tables.put(
                        id,
                        new AppTable(
                                id, rows.getInt("number"), rows.getString("name"), layout, rows.getBoolean("shared")));
            }
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot read the tables");
        }
        if (!tables.keySet().equals(layouts.keySet())) {
            throw new PipelineException(
                    ErrorCode.REPLICA_DAMAGED,
                    "The file has the tables " + tables.keySet() + ", but its shapes hold " + layouts.keySet() + ".");
        }
    }

    /** @throws PipelineException REPLICA_DAMAGED if somebody has dropped or altered one */
    void examine() {
        for (AppTable table : tables.values()) {
            List<String> names = Sqlite.texts(
                    connection, "SELECT name FROM pragma_table_info(" + text(table.name()) + ") ORDER BY cid");
            List<String> expected = table.layout().columns().stream()
                    .map(TableLayout.LayoutColumn::name)
                    .toList();
            if (!names.equals(expected)) {
                throw new PipelineException(
                        ErrorCode.REPLICA_DAMAGED,
                        "Table " + table.name() + " has the columns " + names + " instead of " + expected + ".");
            }
        }
    }

    Collection<AppTable> all() {
        return List.copyOf(tables.values());
    }

    Optional<AppTable> find(TableId id) {
        return Optional.ofNullable(tables.get(id));
    }

    AppTable require(TableId id) {
        return find(id).orElseThrow(() -> new IllegalStateException("no table " + id));
    }

    /** A number and a free name for a table that is new; it is not made yet. */
    AppTable plan(TableId id, TableLayout layout) {
        Set<String> taken = Set.copyOf(Sqlite.texts(connection, "SELECT name FROM sqlite_master")).stream()
                .map(ReplicaNames::fold)
                .collect(Collectors.toSet());
        String wanted = ReplicaNames.isReserved(id.replicaName()) ? id.toString() : id.replicaName();
        int number = (int) Sqlite.number(connection, "SELECT next_number FROM _warung_outlet");
        Sqlite.execute(connection, "UPDATE _warung_outlet SET next_number = next_number + 1");
        return new AppTable(
                id,
                number,
                ReplicaNames.free(wanted, "_2", name -> taken.contains(ReplicaNames.fold(name))),
                layout,
                false);
    }

    void put(AppTable table) {
        tables.put(table.id(), table);
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT OR REPLACE INTO _warung_tables VALUES (?, ?, ?, ?, ?)")) {
            statement.setString(1, table.id().schema());
            statement.setString(2, table.id().name());
            statement.setString(3, table.name());
            statement.setInt(4, table.number());
            statement.setBoolean(5, table.isShared());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot write the tables");
        }
    }

    void remove(AppTable table) {
        tables.remove(table.id());
        Sqlite.execute(connection, "DELETE FROM _warung_tables WHERE number = " + table.number());
    }

    static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
