package dev.warung.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.SchemaRecord;
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

    /** Twelve million control characters: below the limit of a row, but each takes six bytes in JSON. */
    private static final String CONTROLS = "repeat(chr(1), 12000000)";

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

    @Test
    void aRowOfSixteenMegabytesAndItsUpdatePass() throws Exception {
        database.execute("create table sale(id int primary key, big text, note text)");
        CaptureRun.prepare(database, List.of("sale"));

        try (CaptureRun run = start("sale")) {
            database.execute(
                    "insert into sale values (1, repeat('abcdefgh', 2000000), 'a')",
                    "update sale set note = 'big stays' where id = 1",
                    "update sale set big = repeat('ABCDEFGH', 2000000) where id = 1");
            run.drain();
        }

        assertThat(contents.operations("public.sale")).containsExactly("c {\"id\":1}", "u {\"id\":1}", "u {\"id\":1}");
        assertThat(contents.rows("public.sale")).isEqualTo(contents.expected(database, "public.sale"));
    }

    @Test
    void aLargerRowBreaksItsTableAndNoOther() throws Exception {
        database.execute("create table sale(id int primary key, big text)", "create table other(id int primary key)");
        CaptureRun.prepare(database, List.of("sale", "other"));

        try (CaptureRun run = start("sale", "other")) {
            database.execute(
                    "insert into sale values (1, repeat('abcdefgh', 2200000))", "insert into other values (1)");
            run.drain();
        }

        assertThat(contents.tables().get("public.sale").state()).isEqualTo(SchemaRecord.State.BROKEN);
        assertThat(contents.tables().get("public.sale").reason()).contains("characters");
        assertThat(contents.rows("public.other")).hasSize(1);
    }

    @Test
    void aRowWhoseJsonIsTooLargeForKafkaBreaksItsTableAndNoOther() throws Exception {
        database.execute("create table sale(id int primary key, big text)", "create table other(id int primary key)");
        CaptureRun.prepare(database, List.of("sale", "other"));

        try (CaptureRun run = start("sale", "other")) {
            database.execute("insert into sale values (1, " + CONTROLS + ")", "insert into other values (1)");
            run.drain();
        }

        assertThat(contents.tables().get("public.sale").state()).isEqualTo(SchemaRecord.State.BROKEN);
        assertThat(contents.tables().get("public.sale").reason()).contains("72000", "bytes as JSON");
        assertThat(contents.rows("public.other")).hasSize(1);
        assertThat(reader.problems()).isEmpty();
    }

    @Test
    void aRowWhoseJsonIsTooLargeForKafkaIsLeftOutOfTheInitialCopyWithItsTable() throws Exception {
        database.execute(
                "create table sale(id int primary key, big text)",
                "insert into sale values (1, 'small'), (2, " + CONTROLS + ")",
                "create table other(id int primary key)",
                "insert into other values (1)");
        CaptureRun.prepare(database, List.of("sale", "other"));

        try (CaptureRun run = start("sale", "other")) {
            database.execute("insert into other values (2)");
            run.drain();
        }

        assertThat(contents.tables().get("public.sale").state()).isEqualTo(SchemaRecord.State.BROKEN);
        assertThat(contents.tables().get("public.sale").reason()).contains("bytes as JSON");
        assertThat(contents.rows("public.other")).isEqualTo(contents.expected(database, "public.other"));
        assertThat(reader.problems()).isEmpty();
    }

    @Test
    void anUnchangedToastedValueComesFromTheRowBeforeAndItsLackBreaksTheTable() throws Exception {
        database.execute("create table sale(id int primary key, big text, n numeric[])");
        CaptureRun.prepare(database, List.of("sale"));

        try (CaptureRun run = start("sale")) {
            String wide = "(select string_agg(md5(g::text), '') from generate_series(1, 400) g)";
            String numbers = "(select array_agg(g * 1.37) from generate_series(1, 3000) g)";
            database.execute(
                    "insert into sale select 1, " + wide + ", " + numbers,
                    "update sale set id = 2",
                    "update sale set id = id");
            run.drain();
            assertThat(contents.rows("public.sale")).isEqualTo(contents.expected(database, "public.sale"));

            database.execute("alter table sale replica identity default", "update sale set id = 3");
            run.drain();
        }

        assertThat(contents.tables().get("public.sale").state()).isEqualTo(SchemaRecord.State.BROKEN);
        assertThat(contents.tables().get("public.sale").reason()).contains("REPLICA IDENTITY");
    }

    @Test
    void aChangedReplicaIdentityBreaksTheTableAtTheNextRow() throws Exception {
        database.execute(
                "create table sale(id int primary key, code int not null)",
                "create unique index sale_code on sale (code)",
                "insert into sale values (1, 10)");
        CaptureRun.prepare(database, List.of("sale"));

        try (CaptureRun run = start("sale")) {
            database.execute(
                    "alter table sale replica identity using index sale_code",
                    // Its old row is not sent at all: nothing but the identity tells that the key has changed.
                    "update sale set id = 2");
            run.drain();
        }

        assertThat(contents.tables().get("public.sale").state()).isEqualTo(SchemaRecord.State.BROKEN);
        assertThat(contents.tables().get("public.sale").reason()).contains("REPLICA IDENTITY is USING INDEX, not FULL");
        assertThat(contents.operations("public.sale")).containsExactly("r {\"id\":1}");
    }

    @Test
    void aPartitionThatLogsNoKeyBreaksItsTable() throws Exception {
        database.execute(
                "create table sale(id int primary key, code int not null) partition by range (id)",
                "create table sale_low partition of sale for values from (0) to (1000)",
                "create unique index sale_code on sale_low (code)",
                "insert into sale values (1, 10)");
        CaptureRun.prepare(database, List.of("sale", "sale_low"), List.of("sale"));

        try (CaptureRun run = start("sale")) {
            database.execute("alter table sale_low replica identity using index sale_code", "delete from sale");
            run.drain();
        }

        assertThat(contents.tables().get("public.sale").state()).isEqualTo(SchemaRecord.State.BROKEN);
        assertThat(contents.tables().get("public.sale").reason()).contains("without its key");
    }

    @Test
    void everyFamilyOfTypesArrivesAsPostgresPrintsIt() throws Exception {
        database.execute(
                "create type mood as enum ('sad', 'very happy')",
                "create type pair as (x int, y text)",
                "create domain positive as int check (value > 0)",
                "create table kinds(id int primary key, a numeric, b timestamptz default now(), c interval, d bytea, e int[][],"
                        + " f mood, g pair, h positive, i float8, j float4, k money, l name default 'x', m date, n time, o timetz,"
                        + " p varbit, q inet, r int4range, s int4multirange, t jsonb, u uuid, v point, w mood[], x pair[],"
                        + " y positive[], z numeric[], aa xml, ab tsvector, ac pg_lsn, ad \"char\", ae char(5), af interval[],"
                        + " ag text default 'quo''ted', ah regclass, ai bool)");
        CaptureRun.prepare(database, List.of("kinds"));

        try (CaptureRun run = start("kinds")) {
            database.execute(
                    "insert into kinds values (1, 'NaN', 'infinity', '1 mon 2 days 03:04:05.6', '\\x00ff', '{{1,2},{3,4}}', 'very happy',"
                            + " '(1,\"q,\"\"z\")', 5, '-0', '1e-45', 12.34, null, 'infinity', '24:00', '24:00+02', '00101', '::1/64',"
                            + " 'empty', '{[1,3),[5,7)}', '{\"a\": 1e400}', gen_random_uuid(), '(1,2)', '{sad,\"very happy\"}',"
                            + " array[row(1,'a')::pair], '{1,2}', '{1.10,NaN}', '<a/>', 'a:1 b:2', '0/16B3748', 'x', 'ab', '{1 day}', null,"
                            + " 'pg_class', true)",
                    "insert into kinds(id, m, b, a) values (2, '4713-01-01 BC', '0044-03-15 12:00:00+07 BC', '1.10')",
                    "insert into kinds(id, i, j, m) values (3, 'Infinity', 'NaN', '-infinity')",
                    "update kinds set l = 'y' where id = 1",
                    "update kinds set ag = null where id > 1");
            run.drain();
        }

        assertThat(contents.rows("public.kinds")).isEqualTo(contents.expected(database, "public.kinds"));
    }

    @Test
    void domainsOverEnumsAndEnumsWithoutLabelsAreCaptured() throws Exception {
        database.execute(
                "create type mood as enum ('sad', 'very happy', '\"so, so\"')",
                "create domain state as mood",
                "create domain good_state as state check (value::mood > 'sad')",
                "create type nothing as enum ()",
                "create schema elsewhere",
                "create domain elsewhere.state as nothing",
                "create table kinds(id int primary key, a state, b good_state not null default 'very happy', c nothing,"
                        + " d elsewhere.state, e state[], f good_state[])",
                "create table keyed(id state primary key, note text)",
                "insert into kinds values (1, 'sad', '\"so, so\"', null, null, '{sad,NULL}', '{\"very happy\"}')",
                "insert into keyed values ('sad', 'copied'), ('very happy', 'copied')");
        CaptureRun.prepare(database, List.of("kinds", "keyed"));

        try (CaptureRun run = start("kinds", "keyed")) {
            database.execute(
                    "create domain elsewhere.late as state",
                    "insert into kinds(id, a, c) values (2, '\"so, so\"', null)",
                    "update kinds set a = 'very happy', e = '{}' where id = 1",
                    "insert into keyed values ('\"so, so\"', 'new')",
                    "update keyed set note = 'changed' where id::mood = 'very happy'",
                    "delete from keyed where id::mood = 'sad'",
                    "alter type nothing add value 'something'",
                    "update kinds set c = 'something', d = 'something' where id = 2");
            run.drain();
        }

        assertThat(contents.rows("public.kinds"))
                .isEqualTo(contents.expected(database, "public.kinds"))
                .anySatisfy(row -> assertThat(row).contains("[2, \"so, so\", very happy, something, something, "));
        assertThat(contents.rows("public.keyed"))
                .isEqualTo(contents.expected(database, "public.keyed"))
                .containsExactlyInAnyOrder("[\"so, so\", new]", "[very happy, changed]");
        assertThat(reader.problems()).isEmpty();
    }

    private CaptureRun start(String... tables) throws InterruptedException {
        return CaptureRun.start(
                database, KAFKA.bootstrapServers(), topics, List.of(tables), CaptureRun.Options.plain(database.name()));
    }
}
