package dev.warung.outlet.replica;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.ShapeCodec;
import dev.warung.core.wire.ShapeRecord;
import dev.warung.core.wire.ShapeSchema;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The feeds in {@code _warung_feeds}, and in memory; what shows them to the application. Used only by the outlet thread. */
final class FeedStore {

    private static final String FEEDS = """
            CREATE TABLE IF NOT EXISTS _warung_feeds (
              feed INTEGER PRIMARY KEY, shape TEXT NOT NULL, topic TEXT NOT NULL, topic_id TEXT NOT NULL, generation INTEGER NOT NULL,
              phase TEXT NOT NULL, description TEXT, next_offset INTEGER NOT NULL, newest_id TEXT NOT NULL, end_id TEXT NOT NULL,
              end_commit TEXT NOT NULL, end_committed_at_us INTEGER NOT NULL, level_at_ms INTEGER NOT NULL,
              started_at_ms INTEGER NOT NULL, records INTEGER NOT NULL) STRICT""";
    private static final String STATUS = """
            CREATE VIEW IF NOT EXISTS _warung_status AS
              SELECT shape, CASE phase WHEN 'live' THEN 'live' ELSE 'being read' END AS state, end_id AS position,
                     CASE WHEN end_committed_at_us > 0
                       THEN strftime('%Y-%m-%dT%H:%M:%fZ', end_committed_at_us / 1e6, 'unixepoch') END AS committed_at,
                     CASE WHEN level_at_ms > 0
                       THEN strftime('%Y-%m-%dT%H:%M:%fZ', level_at_ms / 1e3, 'unixepoch') END AS complete_at,
                     (SELECT CASE WHEN contact_at_ms > 0
                       THEN strftime('%Y-%m-%dT%H:%M:%fZ', contact_at_ms / 1e3, 'unixepoch') END FROM _warung_outlet) AS last_contact,
                     records
              FROM _warung_feeds ORDER BY shape, feed""";
    private static final String COLUMNS = """
            CREATE VIEW IF NOT EXISTS _warung_columns AS
              SELECT DISTINCT a.name AS replica_name, t.value ->> 'schema' AS table_schema, t.value ->> 'name' AS table_name,
                     c.key + 1 AS place, c.value ->> 'name' AS column_name, c.value ->> 'type' AS postgres_type,
                     c.value ->> 'not_null' AS not_null
              FROM _warung_feeds f, json_each(f.description, '$.tables') t, json_each(t.value, '$.columns') c, _warung_tables a
              WHERE f.phase = 'live' AND a.table_schema = t.value ->> 'schema' AND a.table_name = t.value ->> 'name'""";

    private final Connection connection;
    private final Map<Integer, Feed> feeds = new TreeMap<>();
    private final Batch progress;

    FeedStore(Connection connection) {
        this.connection = connection;
        Sqlite.execute(connection, FEEDS, STATUS, COLUMNS);
        this.progress = new Batch(connection, "The feeds' progress", """
                UPDATE _warung_feeds SET next_offset = ?, newest_id = ?, end_id = ?, end_commit = ?, end_committed_at_us = ?,
                  level_at_ms = ?, started_at_ms = ?, records = ? WHERE feed = ?""");
        load();
    }

    Collection<Feed> all() {
        return List.copyOf(feeds.values());
    }

    List<Feed> live() {
        return feeds.values().stream().filter(Feed::isLive).toList();
    }

    Feed add(OutletRecord.Feed source, long nowMs) {
        int number = (int) Sqlite.number(connection, "SELECT next_number FROM _warung_outlet");
        Sqlite.execute(connection, "UPDATE _warung_outlet SET next_number = next_number + 1");
        Feed feed = new Feed(number, source, Phase.FILLING, Optional.empty(), Feed.Progress.begin(nowMs));
        save(feed);
        return feed;
    }

    Feed require(int number) {
        Feed feed = feeds.get(number);
        if (feed == null) {
            throw new IllegalStateException("no feed " + number);
        }
        return feed;
    }

    /** Only how far it has come: this is part of every commit. */
    void saveProgress(Feed feed) {
        feeds.put(feed.number(), feed);
        Feed.Progress now = feed.progress();
        progress.bind(
                        now.nextOffset(),
                        now.newest().toString(),
                        now.end().id().toString(),
                        now.end().commit().toString(),
                        now.end().committedAtUs(),
                        now.levelAtMs(),
                        now.startedAtMs(),
                        now.records(),
                        (long) feed.number())
                .add();
    }

    void flush() {
        progress.execute();
    }

    void close() {
        progress.close();
    }

    void save(Feed feed) {
        feeds.put(feed.number(), feed);
        Feed.Progress now = feed.progress();
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT OR REPLACE INTO _warung_feeds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            int i = 0;
            statement.setInt(++i, feed.number());
            statement.setString(++i, feed.shape());
            statement.setString(++i, feed.topic());
            statement.setString(++i, feed.source().topicId());
            statement.setInt(++i, feed.source().generation());
            statement.setString(++i, feed.phase().text());
            statement.setString(++i, description(feed));
            statement.setLong(++i, now.nextOffset());
            statement.setString(++i, now.newest().toString());
            statement.setString(++i, now.end().id().toString());
            statement.setString(++i, now.end().commit().toString());
            statement.setLong(++i, now.end().committedAtUs());
            statement.setLong(++i, now.levelAtMs());
            statement.setLong(++i, now.startedAtMs());
            statement.setLong(++i, now.records());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot write the feeds");
        }
    }

    void remove(Feed feed) {
        feeds.remove(feed.number());
        Sqlite.execute(connection, "DELETE FROM _warung_feeds WHERE feed = " + feed.number());
    }

    private static @Nullable String description(Feed feed) {
        return feed.schema()
                .map(schema -> new String(ShapeCodec.encode(schema), StandardCharsets.UTF_8))
                .orElse(null);
    }

    private void load() {
        List<Feed> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM _warung_feeds")) {
            while (rows.next()) {
                found.add(read(rows));
            }
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot read the feeds");
        }
        found.forEach(feed -> feeds.put(feed.number(), feed));
    }

    private static Feed read(ResultSet row) throws SQLException {
        String description = row.getString("description");
        Optional<ShapeSchema> schema = Optional.ofNullable(description)
                .map(text -> ShapeCodec.decodeSchema(text.getBytes(StandardCharsets.UTF_8)));
        return new Feed(
                row.getInt("feed"),
                new OutletRecord.Feed(
                        row.getString("shape"),
                        row.getString("topic"),
                        row.getString("topic_id"),
                        row.getInt("generation")),
                Phase.of(row.getString("phase")),
                schema,
                new Feed.Progress(
                        row.getLong("next_offset"),
                        ChangeId.parse(row.getString("newest_id")),
                        new ShapeRecord.End(
                                ChangeId.parse(row.getString("end_id")),
                                Lsn.parse(row.getString("end_commit")),
                                row.getLong("end_committed_at_us")),
                        row.getLong("level_at_ms"),
                        row.getLong("started_at_ms"),
                        row.getLong("records")));
    }
}
