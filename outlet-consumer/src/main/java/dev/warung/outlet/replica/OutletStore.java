package dev.warung.outlet.replica;

import dev.warung.core.wire.OutletCodec;
import dev.warung.core.wire.OutletRecord;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whose file it is, in {@code _warung_outlet} and in memory: to ask must not begin a transaction. Used only by the outlet thread. */
final class OutletStore {

    private static final String OUTLET = """
            CREATE TABLE IF NOT EXISTS _warung_outlet (
              one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL,
              generation INTEGER NOT NULL, record TEXT, contact_at_ms INTEGER NOT NULL, next_number INTEGER NOT NULL) STRICT""";

    private final Connection connection;
    private @Nullable UUID owner;
    private @Nullable OutletRecord outletRecord;
    private long contactAtMs;

    OutletStore(Connection connection) {
        this.connection = connection;
        Sqlite.execute(
                connection, OUTLET, "INSERT OR IGNORE INTO _warung_outlet VALUES (1, '', '', '', 0, NULL, 0, 1)");
        load();
    }

    /** Empty if the file is new. */
    Optional<UUID> owner() {
        return Optional.ofNullable(owner);
    }

    void own(UUID outlet, String code) {
        update("UPDATE _warung_outlet SET id = ?, code = ?", outlet.toString(), code);
        owner = outlet;
    }

    /** What the outlet's private topic said last. */
    Optional<OutletRecord> record() {
        return Optional.ofNullable(outletRecord);
    }

    void save(OutletRecord newest) {
        update(
                "UPDATE _warung_outlet SET name = ?, generation = CAST(? AS INTEGER), record = ?",
                newest.name(),
                String.valueOf(newest.generation()),
                new String(OutletCodec.encode(newest), StandardCharsets.UTF_8));
        outletRecord = newest;
    }

    /** Everything will be read anew: what the outlet is told next is newer. */
    void forgetGeneration() {
        record().ifPresent(known -> save(new OutletRecord(
                known.id(),
                known.code(),
                known.name(),
                known.attributes(),
                known.enabled(),
                0,
                known.shapes(),
                known.writable())));
    }

    /** When Kafka last answered, by this device's clock. */
    void contact(long ms) {
        Sqlite.execute(connection, "UPDATE _warung_outlet SET contact_at_ms = " + ms);
        contactAtMs = ms;
    }

    long contactAtMs() {
        return contactAtMs;
    }

    /** The same, read by another connection. */
    static Optional<OutletRecord> recordOf(Connection connection) {
        return Sqlite.texts(connection, "SELECT record FROM _warung_outlet WHERE record IS NOT NULL").stream()
                .findFirst()
                .map(json -> OutletCodec.decode(json.getBytes(StandardCharsets.UTF_8)));
    }

    private void load() {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT id, record, contact_at_ms FROM _warung_outlet")) {
            row.next();
            String id = row.getString(1);
            String json = row.getString(2);
            owner = id.isEmpty() ? null : UUID.fromString(id);
            outletRecord = json == null ? null : OutletCodec.decode(json.getBytes(StandardCharsets.UTF_8));
            contactAtMs = row.getLong(3);
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot read whose file it is");
        }
    }

    private void update(String sql, String... values) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.executeUpdate();
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot write whose file it is");
        }
    }
}
