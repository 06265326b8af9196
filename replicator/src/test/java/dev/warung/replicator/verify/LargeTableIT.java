package dev.warung.replicator.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.change.TableId;
import dev.warung.core.runtime.PostgresUrl;
import dev.warung.replicator.backup.VisibleTable;
import dev.warung.testkit.Database;
import dev.warung.testkit.PostgresFixture;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A long table with a few differences far apart, and rows of many megabytes. With
 * {@code -Dtest.jvm.args="-Dverify.rows=10000000 -Xmx256m"} it shows that memory does not grow with the table.
 */
@Tag("long")
@Timeout(1800)
class LargeTableIT {

    private static final int ROWS = Integer.getInteger("verify.rows", 200_000);

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    @Test
    void isComparedInBoundedMemory(@TempDir Path directory) throws Exception {
        Database database = POSTGRES.createDatabase();
        TableId id = new TableId("public", "panjang");
        database.execute(
                "CREATE TABLE panjang (id bigint PRIMARY KEY, n int, t text, f float8, b bool, d bytea)",
                "INSERT INTO panjang SELECT g, g % 1000, 'row ' || g, g / 8.0, g % 2 = 0, '\\x0102' FROM generate_series(1, "
                        + ROWS + ") g",
                "INSERT INTO panjang SELECT -g, g, repeat('x', 8000000), 0, true, decode(repeat('ab', 8000000), 'hex')"
                        + " FROM generate_series(1, 4) g",
                "ANALYZE panjang",
                "CREATE TABLE denyut (id int PRIMARY KEY)",
                "CREATE PUBLICATION warung FOR TABLE panjang, denyut");
        Path file = directory.resolve("backup.db");
        try (TestReplica replica =
                TestReplica.start(database, file, List.of(SourceTables.describe(database, id), denyut(database)))) {
            fill(file);
            List<VerifyEvent> events = new ArrayList<>();
            Verifier verifier = new Verifier(
                    new VerifyOptions(
                            PostgresUrl.parse(database.jdbcUrl()),
                            "warung",
                            file,
                            Duration.ofSeconds(60),
                            Duration.ofSeconds(60)),
                    replica,
                    replica,
                    InstantSource.system());

            VerifyReport report = verifier.verify(Optional.empty(), event -> note(database, events, event));
            System.out.println("identical: " + report.rows() + " rows in " + report.durationMs() + " ms");
            assertThat(report.identical()).isTrue();
            assertThat(report.rows()).isGreaterThan(ROWS + 4L);

            damage(file);
            VerifyReport second = verifier.verify(Optional.of("panjang"), event -> note(database, events, event));
            System.out.println("different: " + second.durationMs() + " ms, " + events.size() + " events");
            assertThat(second.problems())
                    .singleElement()
                    .satisfies(r -> assertThat(r.differences())
                            .extracting(d -> d.kind() + " " + d.key().get(0).value())
                            .containsExactlyInAnyOrder("CHANGED -3", "CHANGED 77", "MISSING_IN_BACKUP " + (ROWS - 5)));
        }
    }

    private static void note(Database database, List<VerifyEvent> events, VerifyEvent event) {
        events.add(event);
        if (event instanceof VerifyEvent.Phase) {
            database.execute("INSERT INTO denyut SELECT coalesce(max(id), 0) + 1 FROM denyut");
        }
    }

    private static VisibleTable denyut(Database database) throws Exception {
        return SourceTables.describe(database, new TableId("public", "denyut"));
    }

    private static void fill(Path file) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    INSERT INTO panjang
                    WITH RECURSIVE g(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM g WHERE i < %d)
                    SELECT i, i %% 1000, 'row ' || i, i / 8.0, i %% 2 = 0, x'0102' FROM g
                    """.formatted(ROWS));
            statement.execute("""
                    INSERT INTO panjang
                    WITH RECURSIVE g(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM g WHERE i < 4)
                    SELECT -i, i, replace(hex(zeroblob(4000000)), '0', 'x'), 0.0, 1,
                           unhex(replace(hex(zeroblob(8000000)), '00', 'AB')) FROM g
                    """);
        }
    }

    private static void damage(Path file) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE panjang SET t = 'other' WHERE id = 77");
            statement.execute("UPDATE panjang SET t = t || 'y' WHERE id = -3");
            statement.execute("DELETE FROM panjang WHERE id = " + (ROWS - 5));
        }
    }
}
