package dev.warung.capture.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.warung.testkit.Database;
import dev.warung.testkit.PostgresFixture;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The application's DDL goes through whatever state capture's own objects are in, and capture learns of it later. */
class UnharmedIT {

    private static final String[] DDL = {
        "create table t (id int primary key, v text)",
        "insert into t values (1, 'a')",
        "alter table t add n int default 3",
        "alter table t alter n type bigint",
        "create index x on t (n)",
        "drop index x",
        "create table p (id int primary key) partition by range (id)",
        "create table p1 partition of p for values from (0) to (9)",
        "insert into p values (1)",
        "truncate p1",
        "drop table p",
        "update t set n = 4",
        "drop table t"
    };

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    private final Database database = POSTGRES.createDatabase();
    private final SourceSession source = new SourceSession(database);

    @BeforeEach
    void setUp() {
        source.setUp();
    }

    @Test
    void withoutTheLog() {
        database.execute("drop table warung.ddl_log");

        assertThatCode(() -> database.execute(DDL)).doesNotThrowAnyException();
    }

    @Test
    void withoutTheStateTables() {
        database.execute("drop table warung.seen, warung.held cascade");

        assertThatCode(() -> database.execute(DDL)).doesNotThrowAnyException();
        assertThat(database.value("select count(*) > 0 from warung.ddl_log where error is not null"))
                .isEqualTo("t");
    }

    @Test
    void withoutTheFunctions() {
        database.execute("drop function warung.log_tables, warung.log_failure, warung.describe cascade");

        assertThatCode(() -> database.execute(DDL)).doesNotThrowAnyException();
    }

    @Test
    void withoutThePublication() {
        database.execute("drop publication warung_test");

        assertThatCode(() -> database.execute(DDL)).doesNotThrowAnyException();
    }

    @Test
    void withTheLogLocked() throws SQLException {
        try (Connection holder = database.connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("lock table warung.ddl_log in access exclusive mode");

            assertThatCode(() -> database.execute("create table t (id int primary key)", "alter table t add v int"))
                    .doesNotThrowAnyException();
            holder.rollback();
        }
    }

    @Test
    void asARoleWithoutRights() {
        database.execute(
                "create role app_" + database.name(),
                "grant create, usage on schema public to app_" + database.name(),
                "create table before (id int primary key)");

        assertThatCode(() -> database.inTransaction(concat("set local role app_" + database.name(), DDL)))
                .doesNotThrowAnyException();
        assertThatCode(() -> database.inTransaction(
                        "set local role app_" + database.name(), "create table mine (id int primary key)"))
                .doesNotThrowAnyException();
        assertThat(source.members()).containsExactly("public.before", "public.mine");
        database.execute("drop table mine", "drop owned by app_" + database.name(), "drop role app_" + database.name());
    }

    @Test
    void whileAnotherTransactionHoldsThePublicationTheTableJoinsLater() throws SQLException {
        try (Connection holder = database.connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("create table first (id int primary key)");

            assertThat(source.log("create table second (id int primary key)")).containsExactly("CREATE TABLE failed");
            holder.commit();
        }
        assertThat(source.members()).containsExactly("public.first");

        assertThat(source.log("select warung.poll()")).containsExactly("POLL public.second joins late");
        assertThat(source.members()).containsExactly("public.first", "public.second");
    }

    @Test
    void aStatementThatFailsLeavesNoTrace() {
        database.execute("create table t (id int primary key, v text)", "insert into t values (1, 'x')");

        assertThatCode(() -> database.execute("alter table t alter v type int using v::int"))
                .hasMessageContaining("invalid input");
        assertThat(source.log("alter table t add n int")).containsExactly("ALTER TABLE public.t");
    }

    private static String[] concat(String first, String[] others) {
        String[] all = new String[others.length + 1];
        all[0] = first;
        System.arraycopy(others, 0, all, 1, others.length);
        return all;
    }
}
