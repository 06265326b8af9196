package dev.warung.outlet.replica;

import dev.warung.core.change.ChangeId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Records that are durable and out of sight, in {@code _warung_staged}: a transaction too big for memory, or what was missed while the
 * outlet was away. So no write transaction has to stay open while the network is slow.
 *
 * <p>Used only by the outlet thread.
 */
final class Staging implements AutoCloseable {

    private static final String STAGED = """
            CREATE TABLE IF NOT EXISTS _warung_staged (
              seq INTEGER PRIMARY KEY, feed INTEGER NOT NULL, id BLOB NOT NULL, key BLOB NOT NULL, value BLOB) STRICT""";

    private final Connection connection;
    private final Batch insert;
    private final Set<Integer> used = new HashSet<>();

    Staging(Connection connection) {
        this.connection = connection;
        Sqlite.execute(connection, STAGED);
        this.insert = new Batch(
                connection, "Staged records", "INSERT INTO _warung_staged (feed, id, key, value) VALUES (?, ?, ?, ?)");
        for (String feed : Sqlite.texts(connection, "SELECT DISTINCT feed FROM _warung_staged")) {
            used.add(Integer.parseInt(feed));
        }
    }

    boolean has(Feed feed) {
        return used.contains(feed.number());
    }

    void add(Feed feed, List<Staged> records) {
        used.add(feed.number());
        for (Staged staged : records) {
            insert.bind((long) feed.number(), staged.id().toBytes(), staged.key(), staged.value())
                    .add();
        }
        insert.execute();
    }

    /** The last record kept. */
    Optional<Staged> last(Feed feed) {
        if (!has(feed)) {
            return Optional.empty();
        }
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT id, key, value FROM _warung_staged WHERE feed = ? ORDER BY seq DESC LIMIT 1")) {
            statement.setInt(1, feed.number());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot read the staged records");
        }
    }

    /** Hands out the records in order, and forgets them. */
    void take(Feed feed, Consumer<Staged> receiver) {
        if (!has(feed)) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT id, key, value FROM _warung_staged WHERE feed = ? ORDER BY seq")) {
            statement.setInt(1, feed.number());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    receiver.accept(read(rows));
                }
            }
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot read the staged records");
        }
        drop(feed);
    }

    private static Staged read(ResultSet row) throws SQLException {
        return new Staged(ChangeId.fromBytes(row.getBytes(1)), row.getBytes(2), row.getBytes(3));
    }

    void drop(Feed feed) {
        if (used.remove(feed.number())) {
            Sqlite.execute(connection, "DELETE FROM _warung_staged WHERE feed = " + feed.number());
        }
    }

    @Override
    public void close() {
        insert.close();
    }
}
