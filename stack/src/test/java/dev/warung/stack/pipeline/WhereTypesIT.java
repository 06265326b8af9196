package dev.warung.stack.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warung.core.schema.TableSchema;
import dev.warung.core.where.WhereClause;
import dev.warung.core.where.bind.Scope;
import dev.warung.core.wire.SchemaCodec;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clauses over the backup's rows and its descriptions take the rows that PostgreSQL takes, after its types have changed too. */
class WhereTypesIT {

    private static final List<String> CLAUSES = List.of(
            "tingkat > 'rendah'",
            "tingkat in ('sedang', 'tinggi')",
            "surel like '%@toko.id'",
            "kode = 'abc'",
            "nama < 'm'",
            "upper(nama) = 'KOPI'",
            "nama_c between 'A' and 'Z'");

    @TempDir
    private Path directory;

    @Test
    @Timeout(600)
    void enumsDomainsAndTheOrderOfTextsAreDecidedAsPostgresqlDoes() throws Exception {
        try (Pipeline pipeline = new Pipeline(directory, Map.of())) {
            pipeline.execute("create type tingkat as enum ('rendah', 'sedang', 'tinggi')");
            pipeline.execute("create domain surel as text check (value like '%@%')");
            pipeline.execute("create domain kode as varchar(5)");
            pipeline.execute("create table barang (id int primary key, tingkat tingkat, surel surel, kode kode,"
                    + " nama text, nama_c text collate \"C\")");
            pipeline.execute("insert into barang values (1, 'rendah', 'a@toko.id', 'abc', 'kopi', 'Kopi'),"
                    + " (2, 'tinggi', 'b@lain.id', 'x', 'teh', 'teh')");
            pipeline.startCapture();
            pipeline.startReplicator();
            pipeline.drain();
            assertDecided(pipeline, CLAUSES);

            pipeline.execute("alter type tingkat add value 'sangat rendah' before 'rendah'");
            pipeline.execute("insert into barang values (3, 'sangat rendah', 'c@toko.id', 'abc', 'susu', 'Susu')");
            pipeline.drain();
            assertDecided(pipeline, CLAUSES);
            assertDecided(pipeline, List.of("tingkat = 'sangat rendah'", "tingkat > 'sangat rendah'"));

            pipeline.execute("alter type tingkat rename value 'sedang' to 'biasa'");
            pipeline.execute("alter domain surel rename to alamat");
            pipeline.execute("alter table barang alter nama type text collate \"C\"");
            pipeline.execute("insert into barang values (4, 'biasa', 'd@toko.id', 'y', 'És', 'És')");
            pipeline.drain();
            // The renamed label begins a generation, which is shown when its copy is complete.
            await().atMost(Pipeline.PATIENCE).until(() -> pipeline.backupCount("barang WHERE id = 4") == 1);
            assertDecided(
                    pipeline, List.of("tingkat >= 'biasa'", "surel like 'd%'", "upper(nama) = 'éS'", "nama > 'm'"));
            pipeline.assertIdentical();
        }
    }

    private static void assertDecided(Pipeline pipeline, List<String> clauses) throws Exception {
        try (Connection backup = DriverManager.getConnection("jdbc:sqlite:" + pipeline.backup());
                Statement statement = backup.createStatement()) {
            TableSchema schema = schema(statement);
            List<@Nullable Object[]> rows = rows(statement, schema);
            for (String clause : clauses) {
                WhereClause where = WhereClause.parse(clause, Scope.of(schema));
                List<String> taken = new ArrayList<>();
                rows.stream().filter(where::takes).forEach(row -> taken.add(String.valueOf(row[0])));
                String expected = pipeline.query(
                        "select coalesce(string_agg(id::text, ',' order by id), '') from barang where " + clause);
                assertThat(String.join(",", taken)).as(clause).isEqualTo(expected);
            }
        }
    }

    private static TableSchema schema(Statement statement) throws Exception {
        try (ResultSet result = statement.executeQuery(
                "SELECT description FROM _warung_catalog WHERE table_name = 'barang' AND visible = 1")) {
            assertThat(result.next()).isTrue();
            return SchemaCodec.parse(result.getString(1));
        }
    }

    private static List<@Nullable Object[]> rows(Statement statement, TableSchema schema) throws Exception {
        List<@Nullable Object[]> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery("SELECT * FROM barang ORDER BY id")) {
            while (result.next()) {
                @Nullable Object[] row = new Object[schema.copiedColumns().size()];
                for (int i = 0; i < row.length; i++) {
                    Object stored = result.getObject(i + 1);
                    row[i] = stored instanceof Integer number ? number.longValue() : stored;
                }
                rows.add(row);
            }
        }
        return rows;
    }
}
