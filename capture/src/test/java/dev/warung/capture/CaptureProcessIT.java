package dev.warung.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.wire.SchemaRecord;
import dev.warung.core.wire.Topics;
import dev.warung.testkit.Database;
import dev.warung.testkit.KafkaFixture;
import dev.warung.testkit.PostgresFixture;
import dev.warung.testkit.check.LogReader;
import dev.warung.testkit.check.SlotSampler;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Capture as a process: what happens to it and around it. */
class CaptureProcessIT {

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.create();

    @TempDir
    private Path directory = Path.of("unset");

    private Database database = new Database(POSTGRES.server(), "unset");
    private Topics topics = new Topics("unset");
    private LogReader reader = new LogReader("", topics);
    private LogContents contents = new LogContents(reader, topics);

    @BeforeEach
    void freshPipeline() {
        database = POSTGRES.createDatabase();
        topics = new Topics(KAFKA.createPrefix());
        reader = new LogReader(KAFKA.bootstrapServers(), topics);
        contents = new LogContents(reader, topics);
        database.execute(
                "create table sale(id int primary key, note text)",
                "insert into sale select g, 'copied' from generate_series(1, 500) g");
    }

    @AfterEach
    void dropSlot() {
        database.execute(
                "select pg_terminate_backend(active_pid, 5000) from pg_replication_slots where active",
                "select pg_drop_replication_slot(slot_name) from pg_replication_slots");
    }

    @Test
    void copiesStreamsAndTakesNewTablesIn() throws Exception {
        try (CaptureProcess capture = start().awaitState("streaming")) {
            database.inTransaction(
                    "create table later(id int primary key, v text)", "insert into later values (1, 'first')");
            database.execute(
                    "alter table sale add column extra int default 7",
                    "insert into sale values (1000, 'new', 8)",
                    "update sale set note = 'x' where id = 5",
                    "alter table later rename to renamed",
                    "insert into renamed values (2, 'second')");
            capture.drain();

            assertThat(contents.rows("public.renamed")).isEqualTo(contents.expected(database, "public.renamed"));
            assertThat(contents.tables().get("public.sale").schema().column("extra"))
                    .isPresent();
            assertThat(contents.operations("public.sale")).hasSize(502);
            assertThat(capture.get("/health/ready")).contains("streams");
            assertThat(capture.get("/metrics")).contains("cdc_capture_changes_total", "cdc_capture_lag_seconds");
            assertThat(reader.problems()).isEmpty();
        }
    }

    @Test
    void rewritesUnderWritesEndInACopiedGenerationThatEqualsPostgres() throws Exception {
        database.execute("insert into sale select g, 'more' from generate_series(501, 40000) g");
        try (CaptureProcess capture = start().awaitState("streaming")) {
            Thread writer = new Thread(() -> {
                for (int i = 0; i < 150; i++) {
                    database.execute(
                            "update sale set note = 'n" + i + "' where id % 97 = " + i % 97,
                            "delete from sale where id = " + (100 + i * 7),
                            "insert into sale values (" + (100_000 + i) + ", 'new')",
                            "update sale set id = id + 1000000 where id = " + (30_000 + i));
                }
            });
            writer.start();
            database.execute("alter table sale alter column note type varchar(200) using note || '!'");
            writer.join();
            awaitLive("public.sale", 2);
            capture.drain();

            assertThat(contents.rows("public.sale")).isEqualTo(contents.expected(database, "public.sale"));
            assertThat(reader.problems()).isEmpty();
        }
    }

    @Test
    void aCopyThatADeathInterruptedBeginsAnew() throws Exception {
        database.execute("insert into sale select g, 'more' from generate_series(501, 60000) g");
        try (CaptureProcess first = start().awaitState("streaming")) {
            database.execute("alter table sale alter column note type varchar(200) using note || '!'");
            Awaitility.await()
                    .until(() -> contents.tables().get("public.sale").schema().generation() == 2);
            first.process().kill();
        }
        try (CaptureProcess second = start().awaitState("streaming")) {
            awaitLive("public.sale", 2);
            second.drain();

            assertThat(contents.rows("public.sale")).isEqualTo(contents.expected(database, "public.sale"));
            assertThat(reader.problems()).isEmpty();
        }
    }

    @Test
    void aReplicaIdentityThatWasTakenAwayIsNoticedByTheStreamAndGivenBack() throws Exception {
        database.execute(
                "alter table sale add column code int",
                "update sale set code = id",
                "alter table sale alter column code set not null",
                "create unique index sale_code on sale (code)");
        try (CaptureProcess capture = start().awaitState("streaming")) {
            database.execute(
                    "alter event trigger warung_command disable",
                    "alter table sale replica identity using index sale_code",
                    "alter event trigger warung_command enable always",
                    "update sale set id = id + 1000 where id <= 50",
                    "delete from sale where id between 60 and 70");
            awaitLive("public.sale", 2);
            database.execute("update sale set id = id + 2000 where id between 80 and 90");
            capture.drain();

            assertThat(contents.rows("public.sale")).isEqualTo(contents.expected(database, "public.sale"));
            assertThat(database.value("select relreplident from pg_class where oid = 'sale'::regclass"))
                    .isEqualTo("f");
            assertThat(capture.process().logFile()).content().contains("REPLICA IDENTITY is USING INDEX, not FULL");
            assertThat(reader.problems()).isEmpty();
        }
    }

    @Test
    void aTableWithARowThatIsTooLargeForKafkaStaysBrokenWhileOthersGoOn() throws Exception {
        database.execute("create table other(id int primary key)");
        try (CaptureProcess capture = start().awaitState("streaming")) {
            database.execute("insert into sale values (5000, repeat(chr(1), 12000000))");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .until(
                            () -> contents.tables().get("public.sale"),
                            table -> table.schema().generation() >= 2 && table.state() == SchemaRecord.State.BROKEN);
            database.execute("insert into other values (1)");
            capture.drain();

            assertThat(contents.tables().get("public.sale").reason()).contains("bytes as JSON");
            assertThat(contents.rows("public.other")).isEqualTo(contents.expected(database, "public.other"));
            assertThat(capture.status().path("state").asText()).isEqualTo("streaming");
            assertThat(reader.problems()).isEmpty();
        }
    }

    private void awaitLive(String table, int generation) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    SchemaRecord.Table now = contents.tables().get(table);
                    return now.state() == SchemaRecord.State.LIVE
                            && now.schema().generation() >= generation;
                });
    }

    @Test
    void aKilledCaptureGoesOnWhereItWas() throws Exception {
        try (CaptureProcess first = start().awaitState("streaming")) {
            database.execute("insert into sale select g, 'a' from generate_series(1001, 3000) g");
            first.process().kill();
        }
        database.execute("insert into sale select g, 'b' from generate_series(3001, 4000) g");

        try (CaptureProcess second = start().awaitState("streaming")) {
            second.drain();

            assertThat(contents.rows("public.sale")).isEqualTo(contents.expected(database, "public.sale"));
            assertThat(reader.problems()).isEmpty();
            assertThat(new SlotSampler(database::connect, reader).problem(database.name()))
                    .isEmpty();
        }
    }

    @Test
    void aRestartOfPostgresIsPassedOver() throws Exception {
        try (CaptureProcess capture = start().awaitState("streaming")) {
            POSTGRES.server().restart();
            database.execute("insert into sale values (1001, 'after')");
            capture.drain();

            assertThat(contents.rows("public.sale")).isEqualTo(contents.expected(database, "public.sale"));
            assertThat(reader.problems()).isEmpty();
        }
    }

    @Test
    void aRestartOfTheBrokerIsPassedOver() throws Exception {
        try (CaptureProcess capture = start().awaitState("streaming")) {
            database.execute("insert into sale values (1001, 'before')");
            KAFKA.server().kill();
            database.execute("insert into sale select g, 'while away' from generate_series(1002, 1500) g");
            KAFKA.server().start();
            capture.drain();

            assertThat(contents.rows("public.sale")).isEqualTo(contents.expected(database, "public.sale"));
            assertThat(reader.problems()).isEmpty();
        }
    }

    @Test
    void aSecondCaptureFencesTheFirstWhichThenStandsBy() throws Exception {
        try (CaptureProcess first = start().awaitState("streaming")) {
            try (CaptureProcess second = start().awaitState("streaming")) {
                first.awaitState("standby");
                database.execute("insert into sale values (1001, 'by the second')");
                second.drain();
            }
            first.awaitState("streaming");
            database.execute("insert into sale values (1002, 'by the first')");
            first.drain();

            assertThat(contents.rows("public.sale")).isEqualTo(contents.expected(database, "public.sale"));
            assertThat(reader.problems()).isEmpty();
        }
    }

    @Test
    void aSlotThatWasMovedOnIsRefused() throws Exception {
        try (CaptureProcess first = start().awaitState("streaming")) {
            first.drain();
        }
        database.execute(
                "insert into sale values (1001, 'lost')",
                "select pg_terminate_backend(active_pid, 5000) from pg_replication_slots where active",
                "select pg_replication_slot_advance('" + database.name() + "', pg_current_wal_lsn())");

        try (CaptureProcess second = start("--exit-on-refusal")) {
            assertThat(second.process().awaitExit(Duration.ofSeconds(60))).hasValue(2);
            assertThat(second.process().logTail()).contains("SLOT_AHEAD").contains("--resync");
        }
    }

    private CaptureProcess start(String... flags) {
        return CaptureProcess.start(
                database,
                KAFKA.bootstrapServers(),
                topics.prefix(),
                directory.resolve("capture-" + System.nanoTime() + ".log"),
                flags);
    }
}
