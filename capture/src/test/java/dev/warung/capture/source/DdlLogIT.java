package dev.warung.capture.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.warung.testkit.Database;
import dev.warung.testkit.PostgresFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DdlLogIT {

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    private final Database database = POSTGRES.createDatabase();
    private final SourceSession source = new SourceSession(database);

    @Test
    void aNewTableJoinsInItsOwnTransaction() {
        source.setUp();

        assertThat(source.log("create table t (id int primary key, v text)"))
                .containsExactly("CREATE TABLE public.t joins empty");
        assertThat(source.log("create schema s create table u (id int primary key)"))
                .containsExactly("CREATE SCHEMA s.u joins empty");
        assertThat(source.members()).containsExactly("public.t", "s.u");
        assertThat(database.query("select distinct relreplident from pg_class where relname in ('t', 'u')"))
                .containsExactly("f");
    }

    @Test
    void whatHoldsRowsBeforeItJoinsJoinsLate() {
        source.setUp("public.*");

        assertThat(source.log("create table c as select 1 as id")).containsExactly("CREATE TABLE AS public.c refused");
        assertThat(source.log("select 1 as id into d")).containsExactly("SELECT INTO public.d refused");
        assertThat(source.log("alter table c add primary key (id)")).containsExactly("ALTER TABLE public.c joins late");
        database.execute("create schema other", "create table other.e (id int primary key)");
        assertThat(source.log("alter table other.e set schema public"))
                .containsExactly("ALTER TABLE public.e joins late");
    }

    @Test
    void onlyRewritesAreCalledRewrites() {
        source.setUp();
        database.execute("create table t (id int primary key, a varchar(10), n numeric(6,2), z timestamp)");

        assertThat(source.log(
                        "alter table t add column d int default 5",
                        "alter table t rename column d to e",
                        "alter table t alter a type varchar(20)",
                        "alter table t alter a type text",
                        "alter table t alter a type text collate \"C\"",
                        "alter table t alter n type numeric(8,2)",
                        "alter table t alter e set not null",
                        "create index x on t (e)",
                        "drop index x",
                        "alter table t drop column e",
                        "alter table t rename to u"))
                .allMatch(line -> line.matches("(ALTER TABLE|CREATE INDEX|DROP INDEX) public\\.[tu]"))
                .hasSize(11);
        assertThat(source.log("alter table u alter n type numeric(8,2) using n * 2"))
                .containsExactly("ALTER TABLE public.u rewritten");
        assertThat(source.log("set timezone = 'UTC'", "alter table u alter z type timestamptz"))
                .containsExactly("ALTER TABLE public.u rewritten");
        assertThat(source.log("alter table u alter id type bigint")).containsExactly("ALTER TABLE public.u rewritten");
        assertThat(source.log("alter table u add r uuid default gen_random_uuid()"))
                .containsExactly("ALTER TABLE public.u rewritten");
        assertThat(source.log("alter table u add g int generated always as (id * 2) stored"))
                .containsExactly("ALTER TABLE public.u rewritten");
    }

    @Test
    void whatDoesNotConcernCaptureIsNotLogged() {
        source.setUp("public.*");
        database.execute("create table t (id int primary key, v int)");

        assertThat(source.log(
                        "alter table t set (fillfactor = 70)",
                        "alter table t alter v set statistics 10",
                        "alter table t add check (v > 0)",
                        "create temp table tmp (id int primary key)",
                        "create schema other",
                        "create table other.t (id int primary key)",
                        "drop table other.t",
                        "create view w as select * from t"))
                .isEmpty();
    }

    @Test
    void theKeyDecidesMembership() {
        source.setUp();
        database.execute("create table t (id int primary key, v int not null)", "insert into t values (1, 1)");

        assertThat(source.log("alter table t drop constraint t_pkey")).containsExactly("ALTER TABLE public.t refused");
        assertThat(source.members()).isEmpty();
        assertThatCode(() -> database.execute("update t set v = 2", "delete from t where v = 9"))
                .doesNotThrowAnyException();
        assertThat(source.log("alter table t add primary key (v)")).containsExactly("ALTER TABLE public.t joins late");
        assertThat(source.log("create unlogged table n (id int primary key)"))
                .containsExactly("CREATE TABLE public.n refused");
    }

    @Test
    void changesOfTypesReachTheTablesThatPrintThem() {
        database.execute(
                "create type mood as enum ('a', 'b')",
                "create type pair as (x int, y int)",
                "create domain moods as mood[]",
                "create table e (id int primary key, m moods)",
                "create table p (id int primary key, v pair[])",
                "create table o (id int primary key, v p)");
        source.setUp();

        assertThat(source.log("alter type mood add value 'c'")).containsExactly("ALTER TYPE public.e");
        assertThat(source.log("alter type mood rename value 'a' to 'z'"))
                .containsExactly("ALTER TYPE public.e rewritten");
        assertThat(source.log("alter domain moods rename to feelings")).containsExactly("ALTER DOMAIN public.e");
        assertThat(source.log("alter type mood rename to feeling")).containsExactly("ALTER TYPE public.e");
        assertThat(source.log("alter type pair rename attribute y to z")).isEmpty();
        assertThat(source.log("alter type pair add attribute w int"))
                .containsExactly("ALTER TYPE public.o rewritten, public.p rewritten");
        assertThat(source.log("alter table p add n int")).containsExactly("ALTER TABLE public.o rewritten, public.p");
        assertThat(source.log("drop type feeling cascade")).containsExactly("DROP TYPE public.e");
    }

    @Test
    void partitionsThatComeOrGoWithRowsAreRewrites() {
        database.execute(
                "create table p (id int, k int, primary key (id, k)) partition by list (k)",
                "create table p1 partition of p for values in (1)",
                "insert into p values (1, 1)");
        source.setUp();

        assertThat(source.log("create table p2 partition of p for values in (2)"))
                .isEmpty();
        assertThat(source.log("create table p3 (k int not null, id int not null, primary key (id, k))"))
                .containsExactly("CREATE TABLE public.p3 joins empty");
        assertThat(source.log("alter table p attach partition p3 for values in (3)"))
                .containsExactly("ATTACH PARTITION drops p3");
        database.execute(
                "create table p4 (k int not null, id int not null, primary key (id, k))",
                "insert into p4 values (4, 4)");
        assertThat(source.log("alter table p attach partition p4 for values in (4)"))
                .containsExactly("ATTACH PARTITION drops p4", "ALTER TABLE public.p rewritten");
        assertThat(source.log("truncate p")).isEmpty();
        assertThat(source.log("truncate p1")).containsExactly("TRUNCATE public.p rewritten");
        assertThat(source.log("alter table p detach partition p1"))
                .containsExactly("ALTER TABLE public.p rewritten, public.p1 joins late");
        assertThat(source.log("drop table p2")).containsExactly("DROP TABLE public.p rewritten");
        assertThat(source.log("drop table p")).containsExactly("DROP TABLE drops p");
        assertThat(source.members()).containsExactly("public.p1");
    }

    @Test
    void namesAndSchemasMayChangeAndBeOdd() {
        source.setUp();
        String name = "Ünïcode \"q\" 漢字 " + "x".repeat(40);
        String quoted = "\"" + name.replace("\"", "\"\"") + "\"";

        assertThat(source.log("create schema \"A b\"", "create table \"A b\"." + quoted + " (\"I.d\" int primary key)"))
                .containsExactly("CREATE TABLE A b." + name + " joins empty");
        assertThat(source.log("alter schema \"A b\" rename to c")).containsExactly("ALTER SCHEMA c." + name);
        assertThat(source.log("drop schema c cascade")).containsExactly("DROP SCHEMA drops " + name);
    }

    @Test
    void aVirtualColumnNeverBreaksUpdates() {
        source.setUp();
        database.execute(
                "create table n (id int primary key, v int)",
                "create table t (id int primary key, v text)",
                "insert into n values (1, 1)",
                "insert into t values (1, '1')");

        assertThat(source.log("alter table n add g int generated always as (v + 1) virtual"))
                .containsExactly("ALTER TABLE public.n");
        assertThat(source.log("alter table t add g int generated always as (length(v)) virtual"))
                .containsExactly("ALTER TABLE public.t refused");
        assertThatCode(() -> database.execute(
                        "update n set v = 2", "update t set v = '2'", "delete from n", "delete from t"))
                .doesNotThrowAnyException();
        assertThat(source.members()).containsExactly("public.n");
    }

    @Test
    void aTableTakenOutByHandStaysOut() {
        database.execute("create table t (id int primary key)");
        source.setUp();

        assertThat(source.log("alter publication warung_test drop table t"))
                .containsExactly("ALTER PUBLICATION public.t refused");
        assertThat(source.log("alter table t add v int", "select warung.poll()"))
                .containsExactly("ALTER TABLE public.t refused");
        assertThat(source.members()).isEmpty();
        source.setUp();
        assertThat(source.members()).containsExactly("public.t");
    }
}
