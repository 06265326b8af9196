package dev.warung.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.Topics;
import dev.warung.testkit.Database;
import dev.warung.testkit.KafkaFixture;
import dev.warung.testkit.PostgresFixture;
import dev.warung.testkit.check.LogReader;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PublishStreamIT {

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.create();

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
                "select pg_terminate_backend(active_pid) from pg_replication_slots where active",
                "select pg_drop_replication_slot(slot_name) from pg_replication_slots");
    }

    @Test
    void copiedAndStreamedRowsEqualPostgres() throws Exception {
        database.execute(
                "create table sale(id int primary key, amount numeric, note text default 'x', paid boolean)",
                "insert into sale select g, g * 1.10, null, g % 2 = 0 from generate_series(1, 100) g");
        CaptureRun.prepare(database, List.of("sale"));

        try (CaptureRun run = start("sale")) {
            database.execute(
                    "insert into sale values (1000, 'NaN', 'new', true)",
                    "update sale set note = 'changed' where id < 10",
                    "update sale set id = id + 5000 where id between 20 and 30",
                    "delete from sale where id between 40 and 60");
            run.drain();
        }

        assertThat(contents.rows("public.sale")).isEqualTo(contents.expected(database, "public.sale"));
        assertThat(reader.problems()).isEmpty();
    }

    @Test
    void aChangedKeyIsADeleteATombstoneAndACreate() throws Exception {
        database.execute("create table sale(id int primary key, note text)");
        CaptureRun.prepare(database, List.of("sale"));

        try (CaptureRun run = start("sale")) {
            database.execute("insert into sale values (1, 'a')", "update sale set id = 2", "truncate sale");
            run.drain();
        }

        assertThat(contents.operations("public.sale"))
                .containsExactly(
                        "c {\"id\":1}", "d {\"id\":1}", "tombstone {\"id\":1}", "c {\"id\":2}", "t \"__truncate__\"");
    }

    @Test
    void aLargeTransactionIsSpreadOverPartsAndEndsOnce() throws Exception {
        database.execute("create table sale(id int primary key, note text)");
        CaptureRun.prepare(database, List.of("sale"));

        try (CaptureRun run = start("sale")) {
            database.execute("insert into sale select g, 'row ' || g from generate_series(1, 70000) g");
            run.drain();
        }

        List<CommitRecord> commits = reader.commits();
        assertThat(commits).filteredOn(c -> c.kind() == CommitRecord.Kind.PART).hasSizeGreaterThanOrEqualTo(3);
        assertThat(commits.stream().flatMap(c -> c.ends().stream()).filter(e -> e.records() == 70_000))
                .hasSize(1);
        assertThat(contents.rows("public.sale")).hasSize(70_000);
        assertThat(reader.problems()).isEmpty();
    }

    private CaptureRun start(String... tables) throws InterruptedException {
        return CaptureRun.start(
                database, KAFKA.bootstrapServers(), topics, List.of(tables), CaptureRun.Options.plain(database.name()));
    }
}
