package dev.warung.replicator.verify;

import dev.warung.core.change.TableId;
import dev.warung.core.runtime.PostgresUrl;
import dev.warung.replicator.backup.VisibleTable;
import dev.warung.testkit.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A database with some unusual tables, its replica and a verifier. */
final class VerifyScene implements AutoCloseable {

    static final TableId STOCK = new TableId("public", "stok");
    static final TableId VALUES = new TableId("public", "nilai");
    static final TableId QUOTED = new TableId("Gudang \"2\"", "Größe 表");
    static final TableId WIDE = new TableId("sales", "wide");

    final Database database;
    final TestReplica replica;
    final List<VerifyEvent> events = new CopyOnWriteArrayList<>();

    private final PostgresUrl url;

    private VerifyScene(Database database, TestReplica replica) {
        this.database = database;
        this.replica = replica;
        this.url = PostgresUrl.parse(database.jdbcUrl());
    }

    static VerifyScene create(Database database, Path directory) throws SQLException {
        StringBuilder wide = new StringBuilder("CREATE TABLE sales.wide (id uuid PRIMARY KEY");
        for (int i = 0; i < 150; i++) {
            wide.append(", \"C ")
                    .append(i)
                    .append("\" ")
                    .append(List.of("int", "text", "numeric", "float8").get(i % 4));
        }
        database.execute(
                "CREATE TABLE stok (id bigint PRIMARY KEY, writer int, amount numeric(12,2), note text, at timestamptz DEFAULT now())",
                "CREATE TABLE nilai (k text, n int, i bigint, b bool, f float8, r real, num numeric, t text, c char(6), d bytea,"
                        + " ts timestamptz, j jsonb, a int[], v int GENERATED ALWAYS AS (n * 2) VIRTUAL, PRIMARY KEY (k, n))",
                "CREATE SCHEMA \"Gudang \"\"2\"\"\"",
                "CREATE TABLE " + QUOTED.quoted() + " (\"Schlüssel\"\"\" text PRIMARY KEY, \"select\" bytea)",
                "CREATE SCHEMA sales",
                wide + ")",
                "CREATE TABLE keyless (x int)",
                "ALTER TABLE stok REPLICA IDENTITY FULL",
                "ALTER TABLE " + QUOTED.quoted() + " REPLICA IDENTITY FULL",
                "ALTER TABLE sales.wide REPLICA IDENTITY FULL",
                "CREATE PUBLICATION warung FOR TABLE stok, nilai, sales.wide, " + QUOTED.quoted());
        List<VisibleTable> tables = new ArrayList<>();
        for (TableId id : List.of(STOCK, VALUES, QUOTED, WIDE)) {
            tables.add(SourceTables.describe(database, id));
        }
        VerifyScene scene =
                new VerifyScene(database, TestReplica.start(database, directory.resolve("backup.db"), tables));
        database.execute(
                "INSERT INTO stok SELECT g, g % 7, g * 1.25, 'barang ' || g FROM generate_series(1, 3000) g",
                "INSERT INTO " + QUOTED.quoted()
                        + " SELECT 'k' || g, decode(md5(g::text), 'hex') FROM generate_series(1, 500) g",
                "INSERT INTO sales.wide (id, \"C 0\", \"C 1\", \"C 147\") SELECT md5(g::text)::uuid, g, 'w' || g, g / 3.0"
                        + " FROM generate_series(1, 200) g",
                "INSERT INTO nilai SELECT 'key', g, g, g % 2 = 0, g / 7.0, g / 7.0, g / 10.0, 'Text ' || g, 'ab', '\\x00ff',"
                        + " '2026-01-01 00:00:00+07', '{\"a\": 1}', '{1,2}' FROM generate_series(1, 50) g");
        return scene;
    }

    Verifier verifier(Duration snapshotWait) {
        return new Verifier(
                new VerifyOptions(url, "warung", replica.file(), snapshotWait, Duration.ofSeconds(60)),
                replica,
                replica,
                InstantSource.system());
    }

    VerifyReport verify() throws InterruptedException {
        return verify(Optional.empty(), events::add);
    }

    /** A transaction later than the snapshot must come for the replica to know that it is complete; an idle database has none. */
    VerifyReport verify(Optional<String> table, Consumer<VerifyEvent> listener) throws InterruptedException {
        return verifier(Duration.ofSeconds(30)).verify(table, event -> {
            if (event instanceof VerifyEvent.Phase phase && phase.phase().equals("catch-up")) {
                nudge();
            }
            listener.accept(event);
        });
    }

    void nudge() {
        database.execute("UPDATE " + QUOTED.quoted() + " SET \"select\" = \"select\" WHERE \"Schlüssel\"\"\" = 'k1'");
    }

    /** Changes the file behind the replica's back. */
    void damage(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + replica.file());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    String slotsOfVerifications() {
        return database.value("SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE 'warung_verify%'");
    }

    @Override
    public void close() throws Exception {
        replica.close();
    }
}
