package dev.warung.capture.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.schema.Column;
import dev.warung.core.value.ValueKind;
import dev.warung.testkit.Database;
import dev.warung.testkit.PostgresFixture;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TypeAuditIT {

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    private final Database database = POSTGRES.createDatabase();

    @Test
    void typesThatNoTestCoversAreRefusedByTableAndColumn() throws SQLException {
        database.execute(
                "create extension isn",
                "create extension cube",
                "create domain buku as isbn",
                "create type rak as (nomor int, isi buku[])",
                "create table direct (id int primary key, kode isbn)",
                "create table nested (id int primary key, rak rak, titik cube)");

        assertThat(refusal("direct")).isEqualTo("column kode has type public.isbn, which is not supported");
        assertThat(refusal("nested"))
                .isEqualTo("column rak has type public.rak, which is not supported (because of public.isbn);"
                        + " column titik has type public.cube, which is not supported");
    }

    @Test
    void columnNamesThatDifferOnlyByCaseAreRefusedAndThoseInQuotesAreNot() throws SQLException {
        database.execute(
                "create table twins (id int primary key, nama text, \"Nama\" text)",
                "create table quoted (id int primary key, \"\"\"harga\"\"\" int, \"'n'\" int, \"it's\" int)");

        assertThat(refusal("twins")).isEqualTo("its columns nama, Nama differ only by case");
        assertThat(refusal("quoted")).isEmpty();
    }

    @Test
    void typesOfTestedExtensionsAndOfUsersAreAllowed() throws SQLException {
        database.execute(
                "create extension hstore",
                "create extension citext",
                "create extension ltree",
                "create type mood as enum ('a')",
                "create domain posint as int check (value > 0)",
                "create type span as range (subtype = float8)",
                "create type int8 as enum ('not a number')",
                "create table t (id posint primary key, h hstore[], c citext, l ltree, m mood[], s span, ms span_multirange,"
                        + " e public.int8, r regclass, x xid8, q jsonpath, o oidvector)");

        SourceTable table = describe("t");

        assertThat(table.shape().refusal()).isEmpty();
        assertThat(table.shape().columns())
                .filteredOn(column -> column.kind() == ValueKind.INTEGER)
                .extracting(Column::name)
                .containsExactly("id");
    }

    @Test
    void whatOldRowsMissIsWrittenAsPostgresPrintsIt() throws SQLException {
        database.execute(
                "create table t (id int primary key)",
                "insert into t values (1)",
                "alter table t add b box default '((1,1),(0,0))', add a int[] default '{1,null}', add q text default 'it''s \"x\", {y}',"
                        + " add z timestamptz default '2020-01-01 07:00+07', add f float8 default '-0', add i interval default '1 mon'",
                "create table p (id int primary key) partition by range (id)",
                "create table p1 partition of p default",
                "insert into p values (1)",
                "alter table p add n numeric default 1.50");

        assertThat(describe("t").shape().columns())
                .extracting(Column::missing)
                .containsExactly(
                        null, "(1,1),(0,0)", "{1,NULL}", "it's \"x\", {y}", "2020-01-01 00:00:00+00", "-0", "P1M");
        assertThat(describe("p").shape().columns()).extracting(Column::missing).containsExactly(null, "1.50");
    }

    private String refusal(String table) throws SQLException {
        return describe(table).shape().refusal().orElse("");
    }

    private SourceTable describe(String table) throws SQLException {
        long oid = Long.parseLong(database.value("select '" + table + "'::regclass::oid"));
        try (Connection connection = new SourceSession(database).connections().open()) {
            return Catalog.describe(connection, List.of(oid)).get(0);
        }
    }
}
