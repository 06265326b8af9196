package dev.warung.capture.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.testkit.Database;
import dev.warung.testkit.PostgresFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Schema changes without event triggers. */
class PollIT {

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    private final Database database = POSTGRES.createDatabase();
    private final SourceSession source = new SourceSession(database);

    @BeforeEach
    void setUp() {
        database.execute(
                "create type mood as enum ('a', 'b')",
                "create table t (id int primary key, v int not null, m mood)",
                "insert into t values (1, 2, 'a')");
        source.setUp();
        database.execute(
                "drop event trigger warung_command",
                "drop event trigger warung_drop",
                "drop event trigger warung_rewrite");
        database.execute("select warung.poll()");
    }

    @Test
    void nothingIsLoggedWhenNothingChanged() {
        assertThat(source.log("update t set v = 3", "analyze t", "select warung.poll()"))
                .isEmpty();
    }

    @Test
    void aNewTableJoinsLate() {
        assertThat(source.log("create table n (id int primary key)", "select warung.poll()"))
                .containsExactly("POLL public.n joins late");
    }

    @Test
    void whatMayHaveChangedRowsIsCopiedAnew() {
        assertThat(source.log("alter table t add n int", "select warung.poll()"))
                .containsExactly("POLL public.t rewritten");
        assertThat(source.log("alter table t alter v type int using v + 1", "select warung.poll()"))
                .containsExactly("POLL public.t rewritten");
        assertThat(source.log("alter type mood rename value 'a' to 'z'", "select warung.poll()"))
                .containsExactly("POLL public.t rewritten");
    }

    @Test
    void aReplicaIdentityChangedByHandIsGivenBackAndTheTableCopiedAnew() {
        assertThat(source.log("alter table t replica identity default", "select warung.poll()"))
                .containsExactly("POLL public.t rewritten");
        assertThat(database.value("select relreplident from pg_class where oid = 't'::regclass"))
                .isEqualTo("f");
        assertThat(source.log("select warung.poll()")).isEmpty();
    }

    @Test
    void theReplicaIdentityOfAPartitionCountsToo() {
        database.execute(
                "create table p (id int primary key) partition by range (id)",
                "create table p1 partition of p for values from (0) to (10)",
                "select warung.poll()");

        assertThat(source.log("alter table p1 replica identity nothing", "select warung.poll()"))
                .containsExactly("POLL public.p rewritten");
        assertThat(database.value("select relreplident from pg_class where oid = 'p1'::regclass"))
                .isEqualTo("f");
    }

    @Test
    void aRenameNeedsNoCopyAndADropIsSeen() {
        assertThat(source.log("alter table t rename to u", "select warung.poll()"))
                .containsExactly("POLL public.u");
        assertThat(source.log("alter type mood add value 'c'", "select warung.poll()"))
                .containsExactly("POLL public.u");
        assertThat(source.log("alter table u add n text collate \"C\"", "select warung.poll()"))
                .containsExactly("POLL public.u rewritten");
        assertThat(source.log("alter table u alter n type text collate \"POSIX\"", "select warung.poll()"))
                .isEmpty();
        assertThat(source.log("alter table u alter n type text collate \"default\"", "select warung.poll()"))
                .containsExactly("POLL public.u");
        assertThat(source.log("drop table u", "select warung.poll()")).containsExactly("POLL drops ");
    }

    @Test
    void onlyKeysPromiseToBeNotNull() {
        assertThat(database.query("select c ->> 'name' from warung.describe(array['t'::regclass::oid], false),"
                        + " jsonb_array_elements(description -> 'columns') c where (c ->> 'notNull')::boolean"))
                .containsExactly("id");
    }
}
