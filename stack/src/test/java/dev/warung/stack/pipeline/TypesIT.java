package dev.warung.stack.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.value.PgSession;
import dev.warung.core.value.PgValues;
import dev.warung.testkit.types.TypeTable;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every supported type with its edge values, copied and streamed: both equal PostgreSQL's own text output. */
class TypesIT {

    @TempDir
    private Path directory;

    @Test
    @Timeout(600)
    void copyStreamAndPostgresAgreeForEveryType() throws Exception {
        assertThat(TypeTable.columns()).isGreaterThanOrEqualTo(60);
        try (Pipeline pipeline = new Pipeline(directory, Map.of());
                Connection postgres = pipeline.connect();
                Statement statement = postgres.createStatement()) {
            canonical(statement);
            for (String sql : TypeTable.PRELUDE) {
                statement.execute(sql);
            }
            statement.execute(TypeTable.create("disalin"));
            statement.execute(TypeTable.create("dialirkan"));
            fill(statement, "disalin");
            pipeline.startCapture();
            pipeline.startReplicator();
            pipeline.drain();
            fill(statement, "dialirkan");
            // Touches one column: every other value, toasted ones among them, must survive an update that does not send
            // it.
            statement.execute("UPDATE dialirkan SET k0 = 1 WHERE id = 6");
            statement.execute("UPDATE disalin SET k0 = 1 WHERE id = 6");
            pipeline.drain();

            List<String> problems = new ArrayList<>();
            try (Connection backup = DriverManager.getConnection("jdbc:sqlite:" + pipeline.backup())) {
                for (int i = 0; i < TypeTable.columns(); i++) {
                    for (String table : List.of("disalin", "dialirkan")) {
                        compare(postgres, backup, table, i, problems);
                    }
                }
            }
            assertThat(problems).isEmpty();
            pipeline.assertIdentical();
        }
    }

    @Test
    @Timeout(600)
    void generatedColumnsOfBothKindsAndSpecialFloats() throws Exception {
        try (Pipeline pipeline = new Pipeline(directory, Map.of());
                Connection postgres = pipeline.connect();
                Statement statement = postgres.createStatement()) {
            statement.execute(
                    "CREATE TABLE hitung (id int PRIMARY KEY, a int, dua int GENERATED ALWAYS AS (a * 2) STORED)");
            statement.execute(
                    "CREATE TABLE maya (id int PRIMARY KEY, a int, dua int GENERATED ALWAYS AS (a * 2) VIRTUAL)");
            statement.execute("CREATE TABLE pecahan (id int PRIMARY KEY, f float8)");
            statement.execute("INSERT INTO hitung VALUES (1, 5)");
            statement.execute("INSERT INTO maya VALUES (1, 5)");
            statement.execute("INSERT INTO pecahan VALUES (1, '-0'), (2, 'NaN')");
            pipeline.startCapture();
            pipeline.startReplicator();
            pipeline.drain();
            statement.execute("INSERT INTO hitung VALUES (2, 7)");
            statement.execute("UPDATE hitung SET a = 6 WHERE id = 1");
            statement.execute("INSERT INTO maya VALUES (2, 7)");
            statement.execute("UPDATE maya SET a = 6 WHERE id = 1");
            statement.execute("INSERT INTO pecahan VALUES (3, '-0'), (4, 'NaN'), (5, '-Infinity'), (6, 0.1)");
            pipeline.drain();

            assertThat(pipeline.backupCount("hitung WHERE dua = a * 2")).isEqualTo(2);
            assertThat(pipeline.backupCount("maya WHERE (id, a) IN (VALUES (1, 6), (2, 7))"))
                    .isEqualTo(2);
            assertThat(pipeline.backupCount("pecahan WHERE f IS '-0' AND id IN (1, 3)"))
                    .isEqualTo(2);
            assertThat(pipeline.backupCount("pecahan WHERE f IS 'NaN' AND id IN (2, 4)"))
                    .isEqualTo(2);
            assertThat(pipeline.backupCount("pecahan WHERE f IS '-Infinity' AND id = 5"))
                    .isEqualTo(1);
            assertThat(pipeline.backupCount("pecahan WHERE f = 0.1 AND typeof(f) = 'real' AND id = 6"))
                    .isEqualTo(1);
            pipeline.assertIdentical();
        }
    }

    @Test
    @Timeout(600)
    void columnsWhoseNamesStandInQuotesAreCopiedAndStreamed() throws Exception {
        try (Pipeline pipeline = new Pipeline(directory, Map.of());
                Connection postgres = pipeline.connect();
                Statement statement = postgres.createStatement()) {
            statement.execute(
                    "CREATE TABLE kutip (\"\"\"harga\"\"\" int PRIMARY KEY, \"'n'\" text, \"`m`\" numeric, \"\"\"\" int)");
            statement.execute("CREATE INDEX ON kutip (\"'n'\")");
            statement.execute("INSERT INTO kutip SELECT g, 'baris ' || g, g * 1.50, g FROM generate_series(1, 20) g");
            pipeline.startCapture();
            pipeline.startReplicator();
            pipeline.drain();
            statement.execute("INSERT INTO kutip VALUES (100, 'baru', 'NaN', NULL)");
            statement.execute("UPDATE kutip SET \"\"\"harga\"\"\" = 200, \"\"\"\" = 7 WHERE \"\"\"harga\"\"\" = 5");
            statement.execute("DELETE FROM kutip WHERE \"\"\"harga\"\"\" = 6");
            statement.execute("ALTER TABLE kutip RENAME COLUMN \"`m`\" TO \"''\"");
            statement.execute("ALTER TABLE kutip ADD COLUMN \"\"\"\"\"\" text DEFAULT 'lama'");
            statement.execute("UPDATE kutip SET \"''\" = 3.14 WHERE \"\"\"harga\"\"\" = 7");
            pipeline.drain();

            assertThat(pipeline.backupCount(
                            "kutip WHERE \"\"\"harga\"\"\" = 200 AND \"\"\"\" = 7 AND \"'n'\" = 'baris 5'"))
                    .isEqualTo(1);
            assertThat(pipeline.backupCount("kutip WHERE \"''\" = '3.14' AND \"\"\"\"\"\" = 'lama'"))
                    .isEqualTo(1);
            pipeline.assertIdentical();
        }
    }

    private static void canonical(Statement statement) throws Exception {
        for (String sql : PgSession.PRINTS_CANONICAL) {
            statement.execute(sql);
        }
        statement.execute("SET search_path = public");
    }

    private static void fill(Statement statement, String table) throws Exception {
        for (String insert : TypeTable.inserts(table)) {
            statement.execute(insert);
        }
    }

    private static void compare(Connection postgres, Connection backup, String table, int column, List<String> problems)
            throws Exception {
        String name = TypeTable.columnNames().get(column);
        // format() uses the type's output function. The casts of char(n) and inet to text print something else.
        List<@Nullable String> expected = texts(
                postgres,
                "SELECT CASE WHEN num_nulls(" + name + ") = 0 THEN format('%s', " + name + ") END FROM " + table
                        + " ORDER BY id");
        List<@Nullable String> actual =
                texts(backup, "SELECT " + sqliteText(column, name) + " FROM " + table + " ORDER BY id");
        List<@Nullable String> canonical = expected.stream()
                .map(text -> canonicalFloat(column, text))
                .collect(Collectors.toCollection(ArrayList::new));
        List<@Nullable String> found = actual.stream()
                .map(text -> canonicalFloat(column, text))
                .collect(Collectors.toCollection(ArrayList::new));
        if (!canonical.equals(found)) {
            problems.add(table + " " + TypeTable.typeOf(column) + ": PostgreSQL " + shortened(expected) + ", backup "
                    + shortened(actual));
        }
    }

    private static String shortened(List<@Nullable String> texts) {
        String all = texts.toString();
        return all.substring(0, Math.min(all.length(), 400));
    }

    private static String sqliteText(int column, String name) {
        return switch (TypeTable.typeOf(column)) {
            case "bytea" -> "CASE WHEN " + name + " IS NOT NULL THEN '\\x' || lower(hex(" + name + ")) END";
            case "boolean", "bendera" -> "CASE " + name + " WHEN 1 THEN 't' WHEN 0 THEN 'f' END";
            default -> name;
        };
    }

    private static @Nullable String canonicalFloat(int column, @Nullable String text) {
        boolean isFloat = List.of("real", "double precision").contains(TypeTable.typeOf(column));
        return isFloat && text != null ? PgValues.canonicalFloat(text) : text;
    }

    private static List<@Nullable String> texts(Connection connection, String sql) throws Exception {
        List<@Nullable String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                texts.add(result.getString(1));
            }
        }
        return texts;
    }
}
