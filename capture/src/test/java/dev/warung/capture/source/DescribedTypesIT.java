package dev.warung.capture.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.schema.Collation;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.where.WhereClause;
import dev.warung.core.where.bind.Scope;
import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.wire.SchemaCodec;
import dev.warung.testkit.Database;
import dev.warung.testkit.PostgresFixture;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A table's description alone makes where clauses decide as PostgreSQL does: enums, domains and the order of texts. */
class DescribedTypesIT {

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    private static final List<String> TYPES = List.of(
            "create type tingkat as enum ('rendah', 'sedang', 'tinggi')",
            "create type \"Rasa Manis\" as enum ('Ya', 'tidak')",
            "create domain surel as text check (value like '%@%')",
            "create domain kode as varchar(5)",
            "create domain kode2 as kode not null",
            "create domain skala as tingkat",
            "create domain skala_atas as skala check (value::tingkat > 'rendah')",
            "create type hampa as enum ()",
            "create domain hampa_benar as hampa",
            "create domain daftar as int[]",
            "create domain angka as int check (value < 100)",
            "create domain nama_c as text collate \"C\"");

    private static final List<String> DECIDED = List.of(
            "tingkat > 'rendah'",
            "tingkat >= 'sedang'::tingkat",
            "tingkat between 'sedang' and 'tinggi'::public.tingkat",
            "tingkat in ('tinggi', 'rendah')",
            "tingkat = any (array['tinggi', 'rendah']::tingkat[])",
            "skala::tingkat < 'tinggi'",
            "skala::tingkat = tingkat",
            "atas::tingkat > 'sedang'",
            "atas::tingkat = skala::tingkat",
            "hampa is null and hampa_benar is null",
            "semua @> array['rendah']::tingkat[]",
            "tingkat = any (semua)",
            "tingkat::text = 'tinggi'",
            "rasa > 'Ya'",
            "rasa = 'tidak'::\"Rasa Manis\"",
            "surel = 'a@b'",
            "surel like '%@b'",
            "lower(surel) = 'a@b'",
            "kode in ('abc', 'x')",
            "kode || surel = 'abca@b'",
            "daftar @> array[1]",
            "daftar[1] = 2",
            "angka2 = '{1,2}'",
            "angka + 1 > 7",
            "angka = id",
            "c < 'm'",
            "c collate \"C\" < 'm'",
            "milik < 'm'",
            "ucs < 'm'",
            "ucs between 'A' and nama",
            "greatest(c, 'k') = 'k'",
            "upper(nama) = 'ÉS'",
            "upper(c) = 'ÉS'",
            "upper(c) = 'éS'",
            "c ilike 'É%'",
            "nama ilike 'É%'",
            "data ->> 'n' ilike 'É%'",
            "icu = 'es'",
            "icu in ('es', 'Kopi')",
            "longgar collate \"C\" = 'Kopi'",
            "length(longgar)::text = '4'",
            "longgar is null");

    private static final List<String> REFUSED = List.of(
            "longgar = 'kopi'",
            "longgar <> 'kopi'",
            "longgar in ('kopi', 'teh')",
            "longgar like 'k%'",
            "longgar is distinct from 'kopi'",
            "longgar < 'm'",
            "longgar = any (array['kopi'])",
            "nullif(longgar, 'kopi') is null",
            "'kopi' = any (longgar2)",
            "longgar2 @> array['kopi']",
            "longgar2 = '{kopi}'",
            "lower(longgar) = 'kopi'");

    @ParameterizedTest
    @ValueSource(strings = {"locale_provider builtin builtin_locale 'C.UTF-8'", "locale 'C'"})
    void aDescriptionDecidesAsPostgresqlDoes(String locale) throws Exception {
        Database database = database(locale);
        TableSchema schema = prepared(database);
        List<String> clauses = new ArrayList<>(DECIDED);
        // The database orders by bytes.
        clauses.addAll(List.of("nama < 'm'", "data ->> 'n' >= 'k'", "nama > c", "greatest(nama, kode) = nama"));

        assertThat(clauses).allSatisfy(clause -> assertDecided(database, schema, clause));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "locale_provider builtin builtin_locale 'C.UTF-8' | UNICODE_BYTES",
                "locale_provider libc locale 'C' | C",
                "locale_provider icu icu_locale 'id' locale 'C' | LOCALE"
            })
    void theDatabasesCollationIsDescribed(String locale, Collation expected) throws Exception {
        TableSchema schema = prepared(database(locale));

        assertThat(schema.collation()).isEqualTo(expected);
        assertThat(schema.column("nama").orElseThrow().meaning().collation()).isEqualTo(expected);
        assertThat(schema.column("c").orElseThrow().meaning().collation()).isEqualTo(Collation.C);
        assertThat(schema.column("milik").orElseThrow().meaning().collation()).isEqualTo(Collation.C);
        assertThat(schema.column("icu").orElseThrow().meaning().collation()).isEqualTo(Collation.LOCALE);
        assertThat(schema.column("longgar").orElseThrow().meaning().collation()).isEqualTo(Collation.NONDETERMINISTIC);
        if (expected == Collation.LOCALE) {
            assertThatThrownBy(() -> WhereClause.parse("nama < 'm'", Scope.of(schema)))
                    .hasMessageContaining("COLLATE \"C\"");
        }
    }

    @Test
    void whatOnlyPostgresqlCanCompareIsRefused() throws Exception {
        TableSchema schema = prepared(database("locale_provider builtin builtin_locale 'C.UTF-8'"));

        assertThat(REFUSED)
                .allSatisfy(clause -> assertThatThrownBy(() -> WhereClause.parse(clause, Scope.of(schema)))
                        .hasMessageContaining("COLLATE \"C\""));
        assertThatThrownBy(() -> WhereClause.parse("icu < 'm'", Scope.of(schema)))
                .hasMessageContaining("COLLATE \"C\"");
        assertThatThrownBy(() -> WhereClause.parse("'a@b'::surel = surel", Scope.of(schema)))
                .hasMessageContaining("cast to text");
    }

    @Test
    void anEnumThatGrowsIsDescribedAnewAndDecidedAnew() throws Exception {
        Database database = database("locale_provider builtin builtin_locale 'C.UTF-8'");
        TableSchema before = prepared(database);
        database.execute(
                "alter type tingkat add value 'sangat rendah' before 'rendah'",
                "insert into t (id, kode, tingkat, skala) values (9, 'x', 'sangat rendah', 'sangat rendah')");

        assertThatThrownBy(() -> decided(database, before, "tingkat < 'sedang'"))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining("sangat rendah");
        TableSchema after = described(database);
        assertThat(after.column("skala").orElseThrow().meaning().labels())
                .containsExactly("sangat rendah", "rendah", "sedang", "tinggi");
        assertDecided(database, after, "tingkat < 'sedang'");
        assertDecided(database, after, "skala::tingkat > 'sangat rendah'");
    }

    private Database database(String locale) {
        Database first = POSTGRES.createDatabase();
        String name = first.name() + "_kamus";
        first.execute("create database " + name + " template template0 encoding 'UTF8' " + locale);
        return new Database(first.server(), name);
    }

    private static TableSchema prepared(Database database) throws SQLException {
        TYPES.forEach(database::execute);
        database.execute(
                "create collation longgar (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "create table t (id int primary key, tingkat tingkat, skala skala, semua tingkat[], rasa \"Rasa Manis\","
                        + " surel surel, kode kode2, daftar daftar, angka angka, angka2 angka[], nama text, data jsonb,"
                        + " c text collate \"C\", milik nama_c, ucs text collate ucs_basic, icu text collate \"und-x-icu\","
                        + " longgar text collate longgar, longgar2 text[] collate longgar,"
                        + " atas skala_atas, hampa hampa, hampa_benar hampa_benar)",
                "insert into t values (1, 'rendah', 'tinggi', '{rendah,tinggi}', 'Ya', 'a@b', 'abc', '{1,2}', 7, '{1,2}',"
                        + " 'és', '{\"n\": \"és\"}', 'és', 'és', 'es', 'es', 'Kopi', '{Kopi}')",
                "insert into t values (2, 'tinggi', 'tinggi', '{tinggi,NULL}', 'tidak', 'A@b', 'x', '{2}', 2, '{7}',"
                        + " 'Kopi', '{\"n\": \"Kopi\"}', 'Kopi', 'Kopi', 'Kopi', 'Kopi', 'kopi', '{kopi,NULL}')",
                "insert into t values (3, 'sedang', 'rendah', '{}', 'Ya', 'z@c', 'abcde', '{}', 99, '{1,2,3}',"
                        + " 'zeta', '{\"n\": \"zeta\"}', 'Zeta', 'zeta', 'zeta', 'zeta', 'teh', '{}')",
                "insert into t (id, kode) values (4, 'abc')",
                "update t set atas = (case id when 1 then 'sedang' else 'tinggi' end)::skala_atas where id < 4");
        return described(database);
    }

    /** As it comes back from the log. */
    private static TableSchema described(Database database) throws SQLException {
        try (Connection connection = new SourceSession(database).connections().open()) {
            long oid = Long.parseLong(database.value("select 't'::regclass::oid"));
            var shape = Catalog.describe(connection, List.of(oid)).get(0).shape();
            TableSchema schema = new TableSchema(
                    shape.id(), oid, 1, 1, "topic", shape.columns(), shape.key(), shape.indexes(), shape.collation());
            return SchemaCodec.parse(SchemaCodec.describe(schema));
        }
    }

    private static void assertDecided(Database database, TableSchema schema, String clause) {
        assertThat(decided(database, schema, clause)).as(clause).isEqualTo(postgresql(database, clause));
    }

    private static String postgresql(Database database, String clause) {
        try {
            return String.join(",", database.query("select id from t where " + clause + " order by id"));
        } catch (IllegalStateException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String decided(Database database, TableSchema schema, String clause) {
        WhereClause where = WhereClause.parse(clause, Scope.of(schema));
        return rows(database, schema).stream()
                .filter(where::takes)
                .map(row -> String.valueOf(row[0]))
                .collect(Collectors.joining(","));
    }

    private static List<@Nullable Object[]> rows(Database database, TableSchema schema) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        try (Connection connection = new SourceSession(database).connections().open();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select * from public.t order by id")) {
            while (result.next()) {
                @Nullable Object[] row = new Object[schema.columns().size()];
                for (int i = 0; i < row.length; i++) {
                    row[i] = result.getString(i + 1);
                }
                rows.add(row);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return rows;
    }
}
