package dev.warung.outlet.replica;

import dev.warung.core.change.TableId;
import dev.warung.outlet.write.CaptureTriggers;
import dev.warung.outlet.write.JournalEntry;
import dev.warung.outlet.write.LocalTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The triggers on the tables that the application may write, and {@code _warung_journal}, in which they write down what they see. Used
 * only by the outlet thread.
 */
final class JournalStore {

    private static final String JOURNAL = """
            CREATE TABLE IF NOT EXISTS _warung_journal (
              seq INTEGER PRIMARY KEY, tbl INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, before TEXT,
              at_ms INTEGER NOT NULL) STRICT""";
    /** While it has a row, writes are our own. The row is never there when a transaction ends. */
    private static final String GUARD = "CREATE TABLE IF NOT EXISTS _warung_guard (one INTEGER PRIMARY KEY) STRICT";

    private final Connection connection;
    private final PreparedStatement first;
    private final PreparedStatement raise;
    private final PreparedStatement lower;

    JournalStore(Connection connection) {
        this.connection = connection;
        Sqlite.execute(connection, JOURNAL, GUARD);
        try {
            this.first = connection.prepareStatement("SELECT 1 FROM _warung_journal LIMIT 1");
            this.raise = connection.prepareStatement("INSERT INTO _warung_guard VALUES (1)");
            this.lower = connection.prepareStatement("DELETE FROM _warung_guard");
        } catch (SQLException e) {
            throw Sqlite.failure(e, "The journal");
        }
    }

    /** From here on writes are our own. */
    void raiseGuard() {
        run(raise);
    }

    void lowerGuard() {
        run(lower);
    }

    boolean isEmpty() {
        try (ResultSet row = first.executeQuery()) {
            return !row.next();
        } catch (SQLException e) {
            throw Sqlite.failure(e, "The journal");
        }
    }

    /** The first entries, in order. */
    List<JournalEntry> read(int limit) {
        return read("SELECT * FROM _warung_journal ORDER BY seq LIMIT " + limit);
    }

    /** The first entry of each row after an entry. */
    List<JournalEntry> firstAfter(long seq) {
        return read("SELECT min(seq) AS seq, tbl, kind, key, before, at_ms FROM _warung_journal WHERE seq > " + seq
                + " GROUP BY tbl, key");
    }

    private List<JournalEntry> read(String query) {
        List<JournalEntry> entries = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                entries.add(new JournalEntry(
                        rows.getLong("seq"),
                        rows.getInt("tbl"),
                        rows.getString("kind"),
                        rows.getString("key"),
                        rows.getString("before"),
                        rows.getLong("at_ms")));
            }
            return entries;
        } catch (SQLException e) {
            throw Sqlite.failure(e, "The journal");
        }
    }

    void forgetUntil(long seq) {
        Sqlite.execute(connection, "DELETE FROM _warung_journal WHERE seq <= " + seq);
    }

    /** Makes the triggers exactly those of these tables. @return whether any had to be made or dropped */
    boolean arm(Collection<LocalTable> writable) {
        Map<String, String> wanted = new LinkedHashMap<>();
        writable.forEach(table -> wanted.putAll(CaptureTriggers.of(table, uniqueIndexes(table))));
        Map<String, String> there = triggers();
        boolean isSame = there.equals(wanted);
        there.forEach((name, sql) -> {
            if (!sql.equals(wanted.get(name))) {
                Sqlite.execute(connection, "DROP TRIGGER " + TableId.quote(name));
            }
        });
        wanted.forEach((name, sql) -> {
            if (!sql.equals(there.get(name))) {
                Sqlite.execute(connection, sql);
            }
        });
        return !isSame;
    }

    private Map<String, String> triggers() {
        Map<String, String> found = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
                        + " AND substr(name, 1, " + CaptureTriggers.PREFIX.length() + ") = '" + CaptureTriggers.PREFIX
                        + "'")) {
            while (rows.next()) {
                found.put(rows.getString(1), rows.getString(2));
            }
            return found;
        } catch (SQLException e) {
            throw Sqlite.failure(e, "The triggers");
        }
    }

    /** Columns of the unique indexes that the application has made; those over expressions have none. */
    private List<List<String>> uniqueIndexes(LocalTable table) {
        List<List<String>> indexes = new ArrayList<>();
        for (String index : Sqlite.texts(
                connection,
                "SELECT name FROM pragma_index_list(" + TableStore.text(table.name())
                        + ") WHERE \"unique\" = 1 AND origin = 'c' AND partial = 0 ORDER BY name")) {
            List<String> columns = Sqlite.texts(
                    connection, "SELECT name FROM pragma_index_info(" + TableStore.text(index) + ") ORDER BY seqno");
            if (!columns.contains("null")) {
                indexes.add(columns);
            }
        }
        return indexes;
    }

    private static void run(PreparedStatement statement) {
        try {
            statement.execute();
        } catch (SQLException e) {
            throw Sqlite.failure(e, "The guard");
        }
    }
}
