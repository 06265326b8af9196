package dev.warung.replicator.backup;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.replicator.log.LogPosition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The position in {@code _warung_position} and {@code _warung_topics}. Used only by the replicator thread. */
final class CheckpointStore {

    private static final String POSITION = """
            CREATE TABLE IF NOT EXISTS _warung_position (
              id INTEGER PRIMARY KEY CHECK (id = 1), change_id TEXT NOT NULL, commit_lsn TEXT NOT NULL, committed_at_us INTEGER NOT NULL,
              commits_offset INTEGER NOT NULL, chain TEXT NOT NULL, epoch_start INTEGER NOT NULL, changes_total INTEGER NOT NULL,
              transactions_total INTEGER NOT NULL) STRICT""";
    private static final String TOPICS = """
            CREATE TABLE IF NOT EXISTS _warung_topics (
              topic TEXT PRIMARY KEY NOT NULL, topic_id TEXT, end_offset INTEGER NOT NULL) STRICT""";

    private static final String ROUTED = """
            CREATE TABLE IF NOT EXISTS _warung_routed (
              id INTEGER PRIMARY KEY CHECK (id = 1), change_id TEXT NOT NULL) STRICT""";

    private final Connection connection;
    private Optional<ChangeId> savedRouted = Optional.empty();
    private final Map<String, Long> savedEnds = new HashMap<>();
    private final Map<String, String> savedIds = new HashMap<>();

    CheckpointStore(Connection connection) {
        this.connection = connection;
        Sqlite.execute(connection, POSITION, TOPICS, ROUTED);
        savedRouted = loadRouted();
    }

    Optional<Checkpoint> load() {
        savedEnds.clear();
        savedIds.clear();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT topic, topic_id, end_offset FROM _warung_topics")) {
                while (rows.next()) {
                    if (rows.getLong(3) >= 0) {
                        savedEnds.put(rows.getString(1), rows.getLong(3));
                    }
                    if (rows.getString(2) != null) {
                        savedIds.put(rows.getString(1), rows.getString(2));
                    }
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT * FROM _warung_position")) {
                if (!row.next()) {
                    return Optional.empty();
                }
                return Optional.of(new Checkpoint(
                        new LogPosition(
                                row.getLong("commits_offset"),
                                ChangeId.parse(row.getString("chain")),
                                ChangeId.parse(row.getString("change_id")),
                                savedEnds),
                        Lsn.parse(row.getString("commit_lsn")),
                        row.getLong("committed_at_us"),
                        row.getLong("epoch_start"),
                        new Checkpoint.Totals(row.getLong("changes_total"), row.getLong("transactions_total"))));
            }
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot read the position");
        }
    }

    Optional<ChangeId> loadRouted() {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT change_id FROM _warung_routed")) {
            return row.next() ? Optional.of(ChangeId.parse(row.getString(1))) : Optional.empty();
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot read how far changes were routed");
        }
    }

    void saveRouted(Optional<ChangeId> routed) {
        if (routed.equals(savedRouted)) {
            return;
        }
        try (Statement delete = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO _warung_routed VALUES (1, ?)")) {
            delete.executeUpdate("DELETE FROM _warung_routed");
            if (routed.isPresent()) {
                insert.setString(1, routed.get().toString());
                insert.executeUpdate();
            }
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot write how far changes were routed");
        }
        savedRouted = routed;
    }

    Map<String, String> topicIds() {
        return Map.copyOf(savedIds);
    }

    void save(Checkpoint checkpoint, Map<String, String> topicIds) {
        LogPosition log = checkpoint.log();
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT OR REPLACE INTO _warung_position VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            statement.setString(1, log.applied().toString());
            statement.setString(2, checkpoint.commit().toString());
            statement.setLong(3, checkpoint.committedAtUs());
            statement.setLong(4, log.commitsOffset());
            statement.setString(5, log.chain().toString());
            statement.setLong(6, checkpoint.epochStart());
            statement.setLong(7, checkpoint.totals().changes());
            statement.setLong(8, checkpoint.totals().transactions());
            statement.executeUpdate();
            saveTopics(log.ends(), topicIds);
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot write the position");
        }
    }

    /** Only what changed, or each small commit would write a row for every table. An end of -1 stands for none. */
    private void saveTopics(Map<String, Long> ends, Map<String, String> ids) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT OR REPLACE INTO _warung_topics VALUES (?, ?, ?)")) {
            for (Map.Entry<String, String> id : ids.entrySet()) {
                String topic = id.getKey();
                Long end = ends.getOrDefault(topic, -1L);
                if (!id.getValue().equals(savedIds.get(topic)) || !end.equals(savedEnds.getOrDefault(topic, -1L))) {
                    statement.setString(1, topic);
                    statement.setString(2, id.getValue());
                    statement.setLong(3, end);
                    statement.addBatch();
                    savedIds.put(topic, id.getValue());
                    savedEnds.put(topic, end);
                }
            }
            statement.executeBatch();
        }
    }
}
