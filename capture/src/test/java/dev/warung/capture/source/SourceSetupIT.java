package dev.warung.capture.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.change.TableId;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.schema.ControlRows;
import dev.warung.testkit.Database;
import dev.warung.testkit.PostgresFixture;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SourceSetupIT {

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    private final Database database = POSTGRES.createDatabase();
    private final SourceSession source = new SourceSession(database);

    @Test
    void tablesWithAKeyJoinAndOthersAreLeftOutUnharmed() {
        database.execute(
                "create table produk (id int primary key, nama text)",
                "create table log (at timestamptz, line text)",
                "create table late_key (id int primary key deferrable)",
                "insert into log values (now(), 'x')");

        SetupReport report = source.setUp();

        assertThat(report.captured())
                .containsExactlyElementsOf(
                        Stream.concat(Stream.of(new TableId("public", "produk")), ControlRows.TABLES.stream())
                                .toList());
        assertThat(report.refused())
                .containsOnlyKeys(new TableId("public", "log"), new TableId("public", "late_key"))
                .extractingByKey(new TableId("public", "late_key"))
                .asString()
                .contains("deferrable");
        assertThat(report.eventTriggers()).isTrue();
        assertThat(source.members()).containsExactly("public.produk");
        assertThatCode(() -> database.execute(
                        "update log set line = 'y'", "delete from late_key", "update produk set nama = ''"))
                .doesNotThrowAnyException();
    }

    @Test
    void aSecondSetUpChangesNothing() {
        database.execute("create table produk (id int primary key, nama text)");
        source.setUp();
        String before = database.query("select count(*) from warung.ddl_log").get(0);

        SetupReport report = source.setUp();

        assertThat(report.steps())
                .containsExactlyElementsOf(
                        Stream.concat(Stream.of(new TableId("public", "produk")), ControlRows.TABLES.stream())
                                .map(table -> "checked " + table)
                                .toList());
        assertThat(database.query("select count(*) from warung.ddl_log")).containsExactly(before);
    }

    @Test
    void virtualColumnsKeepTheDefaultIdentity() {
        database.execute(
                "create table harga (id int primary key, netto int, brutto int generated always as (netto * 2) virtual)",
                "create table teks (id int primary key, t text, n int generated always as (length(t)) virtual)",
                "create table stored (id int primary key, t text, n int generated always as (length(t)) stored)");

        SetupReport report = source.setUp();

        assertThat(source.members()).containsExactly("public.harga", "public.stored");
        assertThat(report.refused().get(new TableId("public", "teks"))).contains("virtual");
        assertThat(database.value("select relreplident from pg_class where relname = 'harga'"))
                .isEqualTo("d");
        assertThat(database.value("select relreplident from pg_class where relname = 'stored'"))
                .isEqualTo("f");
        assertThatCode(() -> database.execute(
                        "update harga set netto = 1", "update teks set t = ''", "update stored set t = ''"))
                .doesNotThrowAnyException();
    }

    @Test
    void everyPartitionGetsTheIdentityAndOnlyTheRootIsListed() {
        database.execute(
                "create table p (id int, k int, t text, primary key (id, k)) partition by list (k)",
                "create table p1 partition of p for values in (1)",
                "create table p2 partition of p for values in (2) partition by range (id)",
                "create table p21 partition of p2 for values from (0) to (10)");

        source.setUp();

        assertThat(source.members()).containsExactly("public.p");
        assertThat(database.query(
                        "select distinct relreplident from pg_class where relname in ('p', 'p1', 'p2', 'p21')"))
                .containsExactly("f");
    }

    @Test
    void aUniqueIndexOverNotNullColumnsServesAsKey() throws Exception {
        database.execute("create table u (a int not null unique, b text)");

        source.setUp();

        try (Connection connection = source.connections().open()) {
            List<SourceTable> tables =
                    new CapturedTables(TablePatterns.ALL, SourceSession.PUBLICATION).read(connection);
            assertThat(tables)
                    .filteredOn(table -> table.shape().id().equals(new TableId("public", "u")))
                    .singleElement()
                    .satisfies(table -> assertThat(table.shape().key()).containsExactly("a"));
        }
    }

    @Test
    void aTableWithAnExclusiveLockJoinsLater() throws Exception {
        database.execute("create table busy (id int primary key)", "create table idle (id int primary key)");
        try (Connection holder = database.connect()) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("lock table busy in access exclusive mode");

            TableId busy = new TableId("public", "busy");
            SetupReport report = source.setUp("public.*");

            assertThat(report.captured())
                    .contains(new TableId("public", "idle"))
                    .doesNotContain(busy);
            assertThat(report.refused().get(busy)).contains("locked");
            holder.rollback();
        }

        database.execute("select warung.poll()");

        assertThat(source.members()).containsExactly("public.busy", "public.idle");
    }

    @Test
    void theCaptureRoleReadsNewTablesAndWritesNothingElse() {
        database.execute("create table produk (id int primary key)");
        try (Connection connection = source.connections().open()) {
            SourceSetup.run(
                    connection,
                    new SetupOptions(
                            SourceSession.PUBLICATION,
                            TablePatterns.ALL,
                            Optional.of(new SetupOptions.Role("warung_capture", "it's"))));
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
        database.execute("create schema toko", "create table toko.baru (id int primary key)");
        PostgresUrl url = PostgresUrl.parse(database.jdbcUrl()).withLogin("warung_capture", "it's");

        assertThatCode(() -> execute(
                        url,
                        "select * from toko.baru",
                        "select * from produk",
                        "update warung.heartbeat set counter = counter + 1",
                        "insert into warung.outlets (code, name) values ('solo-1', 'Solo')",
                        "select warung.poll()"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> execute(url, "delete from public.produk")).hasMessageContaining("permission denied");
    }

    @Test
    void theControlRowsAreCapturedWhateverThePatternsAre() {
        database.execute("create table produk (id int primary key)", "create table lain (id int primary key)");

        SetupReport report = source.setUp("produk");

        assertThat(report.captured()).containsAll(ControlRows.TABLES);
        assertThat(source.controlMembers())
                .containsAll(ControlRows.TABLES.stream().map(TableId::toString).toList());
        assertThat(source.members()).containsExactly("public.produk");
        assertThat(database.query("select distinct relreplident from pg_class"
                        + " where oid in ('warung.shapes'::regclass, 'warung.outlets'::regclass)"))
                .containsExactly("f");
        assertThat(database.value("select warung.poll()")).isEqualTo("0");
    }

    @Test
    void anOlderSetUpGetsTheControlRowsInPlace() {
        source.setUp();
        database.execute(
                "drop table warung.shapes, warung.outlets",
                "delete from warung.ddl_log",
                "create or replace function warung.is_wanted(schema_name text, table_name text) returns boolean"
                        + " language sql stable as $$ select schema_name <> 'warung' $$");

        List<String> logged = source.logOf(source::setUp);

        assertThat(logged).containsExactly("SETUP warung.shapes joins late", "SETUP warung.outlets joins late");
        assertThat(source.controlMembers()).contains("warung.outlets", "warung.shapes");
    }

    @Test
    void controlRowsThatSomeoneElsePutIntoThePublicationAreCopied() {
        source.setUp();
        database.execute("set warung.busy = 'on'", "alter publication warung_test drop table warung.outlets");
        database.execute("delete from warung.seen where oid = 'warung.outlets'::regclass");

        List<String> logged =
                source.log("alter publication warung_test add table only warung.outlets", "select warung.poll()");

        assertThat(logged).containsExactly("POLL warung.outlets joins late");
    }

    @Test
    void lockedControlRowsAreTriedAgainByTheNextSetUp() throws Exception {
        source.setUp();
        database.execute("alter publication warung_test drop table warung.outlets");
        try (Connection holder = database.connect()) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("lock table warung.outlets in access exclusive mode");

            assertThatThrownBy(source::setUp).hasMessageContaining("warung.outlets");
            holder.rollback();
        }

        assertThat(source.setUp().captured()).contains(ControlRows.OUTLETS);
    }

    @Test
    void anotherPublicationInTheSameDatabaseIsRefused() throws Exception {
        source.setUp();

        try (Connection connection = source.connections().open()) {
            assertThatThrownBy(() ->
                            SourceSetup.run(connection, new SetupOptions("other", TablePatterns.ALL, Optional.empty())))
                    .isInstanceOf(PipelineException.class)
                    .hasMessageContaining(SourceSession.PUBLICATION);
        }
    }

    private static void execute(PostgresUrl url, String... statements) throws Exception {
        try (Connection connection = new SourceConnections(url).open();
                java.sql.Statement statement = connection.createStatement()) {
            statement.execute("set search_path = public");
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
