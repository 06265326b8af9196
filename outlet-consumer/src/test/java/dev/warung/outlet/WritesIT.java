package dev.warung.outlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.value.ValueKind;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.ShapeSchema;
import dev.warung.core.wire.ShapeSchema.ShapeColumn;
import dev.warung.testkit.KafkaFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What an application writes travels to the server, and is settled when its answer and its rows have come down. */
class WritesIT {

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.create();

    private static final ShapeSchema.Table SALES = new ShapeSchema.Table(
            new TableId("public", "sales"),
            List.of(
                    new ShapeColumn("id", "bigint", ValueKind.INTEGER, true),
                    new ShapeColumn("note", "text", ValueKind.TEXT, false)),
            List.of("id"));
    private static final ShapeSchema.Table LEDGER = new ShapeSchema.Table(
            new TableId("warung", "ledger"),
            List.of(text("op"), text("table_name"), text("status"), text("reason_code"), text("reason")),
            List.of("op"));
    private static final ShapeSchema.Table ID_MAP = new ShapeSchema.Table(
            new TableId("warung", "id_map"),
            List.of(
                    text("outlet_code"),
                    text("table_name"),
                    new ShapeColumn("local_id", "bigint", ValueKind.INTEGER, true),
                    new ShapeColumn("server_id", "bigint", ValueKind.INTEGER, true),
                    text("op")),
            List.of("outlet_code", "table_name", "local_id"));

    @TempDir
    Path directory;

    private ShapeWriter writer;
    private TestIntake intake;
    private Path file;
    private String branch;
    private String sync;
    private long serverId = 100;

    @BeforeEach
    void start() {
        String prefix = "w" + Long.toHexString(System.nanoTime());
        writer = new ShapeWriter(KAFKA.bootstrapServers(), prefix);
        file = directory.resolve("outlet.db");
        branch = writer.create(Shapes.shape("branch", 1, Shapes.LONG, Shapes.ACCOUNTS, SALES), Map.of());
        sync = writer.create(Shapes.shape("sync", 1, Shapes.LONG, LEDGER, ID_MAP), Map.of());
        writer.put(branch, 0, 1L, "Ani", 10L);
        writer.end(branch, sync);
        writer.commit();
        writer.allow(List.of(
                new WritableTable(Shapes.ACCOUNTS.id(), Optional.empty(), List.of(), List.of("balance"), List.of()),
                new WritableTable(SALES.id(), Optional.of("id"), List.of(), List.of(), List.of())));
        writer.createPrivate();
        writer.tell();
        intake = new TestIntake(KAFKA.bootstrapServers(), writer.topics());
    }

    @AfterEach
    void stop() {
        intake.close();
        writer.close();
    }

    @Test
    void aSaleIsUploadedMappedAndSettledWithoutFlicker() throws Exception {
        try (RunningOutlet outlet = started()) {
            write(
                    "BEGIN",
                    "INSERT INTO sales (note) VALUES ('kopi')",
                    "UPDATE accounts SET balance = balance - 3",
                    "COMMIT");
            List<UploadOp> ops = intake.take(2);
            assertThat(ops).extracting(UploadOp::kind).containsExactly(UploadOp.Kind.INSERT, UploadOp.Kind.UPDATE);
            outlet.await(status -> status.pendingWrites() == 2);

            List<List<@Nullable Object>> seen = new ArrayList<>();
            answer(ops, "applied");
            writer.put(branch, 0, 1L, "Ani", 7L);
            writer.end(branch, sync);
            writer.commit();
            Awaitility.await()
                    .atMost(RunningOutlet.LIMIT)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> {
                        seen.addAll(query("SELECT (SELECT count(*) FROM sales), (SELECT balance FROM accounts)"));
                        return query("SELECT count(*) FROM _warung_writes WHERE status = 'synced'")
                                .equals(List.of(List.of(2)));
                    });
            assertThat(seen).containsOnly(List.of(1, 7));
            assertThat(query("SELECT id, note FROM sales")).containsExactly(List.of(101, "kopi"));
            outlet.await(status -> status.pendingWrites() == 0);
        }
        assertThat(intake.duplicates()).isZero();
    }

    @Test
    void whatWasWrittenOfflineOrNotAnsweredIsSentWhenTheOutletComesBack() throws Exception {
        try (RunningOutlet outlet = started()) {
            write("INSERT INTO accounts VALUES (2, 'Budi', 1)");
            intake.take(1);
            outlet.await(status -> status.pendingWrites() == 1);
        }
        write("INSERT INTO accounts VALUES (3, 'Cici', 1)", "UPDATE accounts SET owner = 'Budi B' WHERE id = 2");

        try (RunningOutlet outlet = started()) {
            List<UploadOp> ops = intake.take(2);
            assertThat(ops)
                    .extracting(op -> op.kind() + " " + op.key().get("id"))
                    .containsExactly("INSERT 3", "UPDATE 2");
            answer(ops, "failed");
            writer.end(branch, sync);
            writer.commit();
            outlet.await(status -> status.writes().getOrDefault("failed", 0L) == 2);
            assertThat(query("SELECT id, owner FROM accounts ORDER BY id"))
                    .containsExactly(List.of(1, "Ani"), List.of(2, "Budi"));
        }
    }

    @Test
    void aDisabledOutletSendsWhatItHasAndKeepsIt() throws Exception {
        try (RunningOutlet outlet = started()) {
            outlet.await(status -> status.pendingWrites() == 0);
        }
        write("INSERT INTO accounts VALUES (2, 'Budi', 1)");
        writer.tell(new OutletRecord(
                ShapeWriter.OUTLET.toString(), ShapeWriter.CODE, "Toko", Map.of(), false, 1, List.of(), List.of()));

        try (RunningOutlet outlet = RunningOutlet.start(KAFKA.bootstrapServers(), writer.topics(), file)) {
            List<UploadOp> ops = intake.take(1);
            assertThat(ops.get(0).row().get("owner")).isEqualTo("Budi");
            outlet.await(status -> status.state().text().equals("disabled") && status.pendingWrites() == 1);
            assertThat(query("SELECT op, state FROM _warung_ops"))
                    .containsExactly(List.of(ops.get(0).id().toString(), "uploaded"));
        }
    }

    @Test
    void aProgramInAnotherLanguageWritesWhileTheOutletWorks() throws Exception {
        Path script = directory.resolve("writer.py");
        Files.writeString(script, """
                import sqlite3, sys
                shop = sqlite3.connect(sys.argv[1], timeout=10)
                for i in range(300):
                    with shop:
                        shop.execute("INSERT INTO sales (note) VALUES (?)", ("jual '%d' \\u20ac" % i,))
                        shop.execute("UPDATE accounts SET balance = balance - 1 WHERE id = 1")
                """, StandardCharsets.UTF_8);
        try (RunningOutlet outlet = started()) {
            Process python = new ProcessBuilder("python3", script.toString(), file.toString())
                    .redirectErrorStream(true)
                    .start();
            int rows = 0;
            while (python.isAlive()) {
                writer.put(branch, 0, 2L + rows % 50, "Ani", (long) rows);
                writer.end(branch);
                writer.commit();
                rows++;
            }
            assertThat(python.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEmpty();
            assertThat(python.exitValue()).isZero();

            List<UploadOp> ops = new ArrayList<>();
            while (ops.stream().filter(op -> op.table().equals(SALES.id())).count() < 300 || spent(ops) < 300) {
                ops.addAll(intake.take(1));
            }
            assertThat(ops.stream().filter(op -> op.table().equals(SALES.id()))).hasSize(300);
            assertThat(spent(ops)).isEqualTo(300);
            assertThat(outlet.status().failure()).isEmpty();
        }
    }

    private static long spent(List<UploadOp> ops) {
        return ops.stream()
                .filter(op -> op.table().equals(Shapes.ACCOUNTS.id()))
                .mapToLong(op -> (Long) op.before().orElseThrow().get("balance")
                        - (Long) op.after().orElseThrow().get("balance"))
                .sum();
    }

    /** The server's answers, and the rows of sales with the ids that it gives them. */
    private void answer(List<UploadOp> ops, String status) {
        for (UploadOp op : ops) {
            if (op.table().equals(SALES.id())) {
                serverId++;
                writer.put(branch, 1, serverId, op.row().get("note"));
                writer.put(
                        sync,
                        1,
                        ShapeWriter.CODE,
                        op.table().toString(),
                        op.key().get("id"),
                        serverId,
                        op.id().toString());
            }
            writer.put(sync, 0, op.id().toString(), op.table().toString(), status, null, null);
        }
    }

    private RunningOutlet started() {
        RunningOutlet outlet = RunningOutlet.start(KAFKA.bootstrapServers(), writer.topics(), file);
        outlet.await(status -> status.isComplete() && status.state().text().equals("following"));
        return outlet;
    }

    private void write(String... statements) throws SQLException {
        try (Connection app = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = app.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private List<List<@Nullable Object>> query(String sql) throws SQLException {
        try (Connection app = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = app.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<List<@Nullable Object>> all = new ArrayList<>();
            while (rows.next()) {
                List<@Nullable Object> row = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(rows.getObject(i));
                }
                all.add(row);
            }
            return all;
        }
    }

    private static ShapeColumn text(String name) {
        return new ShapeColumn(name, "text", ValueKind.TEXT, !name.startsWith("reason"));
    }
}
