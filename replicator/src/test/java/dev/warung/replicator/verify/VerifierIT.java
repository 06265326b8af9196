package dev.warung.replicator.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warung.core.runtime.PipelineException;
import dev.warung.replicator.verify.TableResult.Verdict;
import dev.warung.testkit.PostgresFixture;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class VerifierIT {

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    private VerifyScene scene;

    @BeforeEach
    void create(@TempDir Path directory) throws Exception {
        scene = VerifyScene.create(POSTGRES.createDatabase(), directory);
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    @Test
    void findsAQuietDatabaseIdentical() throws Exception {
        VerifyReport report = scene.verify();

        assertThat(report.identical()).isTrue();
        assertThat(report.tables()).isEqualTo(4);
        assertThat(report.rows()).isEqualTo(3750);
        assertThat(report.problems()).extracting(TableResult::table).containsExactly("public.keyless");
        assertThat(scene.events)
                .filteredOn(VerifyEvent.Table.class::isInstance)
                .extracting(e -> ((VerifyEvent.Table) e).result())
                .filteredOn(r -> r.table().equals("public.nilai"))
                .singleElement()
                .satisfies(r -> assertThat(r.leftOut()).containsExactly("v"));
        assertThat(scene.slotsOfVerifications()).isEqualTo("0");
    }

    @Test
    void comparesOneTableByEitherName() throws Exception {
        assertThat(scene.verify(Optional.of("stok"), e -> {}).tables()).isEqualTo(1);
        assertThat(scene.verify(Optional.of("public.stok"), e -> {}).tables()).isEqualTo(1);
        assertThatThrownBy(() -> scene.verify(Optional.of("stock"), e -> {}))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("stock");
    }

    @Test
    void namesTheTransactionThatPostgresWaitsForAndDoesNotHoldTheBackupMeanwhile() throws Exception {
        try (Connection connection = scene.database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET application_name = 'nightly import'");
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO stok (id) VALUES (900001)");
            CompletableFuture<VerifyReport> verification =
                    CompletableFuture.supplyAsync(() -> verifyFor(Duration.ofSeconds(8)));

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> scene.events.stream().anyMatch(VerifyEvent.Waiting.class::isInstance));
            scene.database.execute("INSERT INTO stok (id) VALUES (900002)");
            await().atMost(Duration.ofSeconds(5)).until(() -> backupHas(900002));

            assertThat(verification).isNotDone();
            assertThatThrownBy(verification::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("nightly import")
                    .hasMessageContaining("INSERT INTO stok (id) VALUES (900001)")
                    .hasMessageContaining("idle in transaction");
            connection.rollback();
        }
        assertThat(scene.slotsOfVerifications()).isEqualTo("0");
        assertThat(scene.verify().identical()).isTrue();
    }

    @Test
    void waitsForALongTransactionThatEndsInTime() throws Exception {
        try (Connection connection = scene.database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO stok (id) VALUES (900001)");
            CompletableFuture<VerifyReport> verification =
                    CompletableFuture.supplyAsync(() -> verifyFor(Duration.ofSeconds(60)));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> scene.events.stream().anyMatch(VerifyEvent.Waiting.class::isInstance));

            connection.commit();

            assertThat(verification.get().identical()).isTrue();
        }
    }

    @Test
    void comparesATableAgainThatWasTruncatedMeanwhile() throws Exception {
        VerifyReport report = scene.verify(Optional.empty(), event -> {
            if (event instanceof VerifyEvent.Table table
                    && table.result().table().equals("public.nilai")) {
                scene.database.execute("TRUNCATE sales.wide");
            }
            scene.events.add(event);
        });

        assertThat(report.identical()).isTrue();
        assertThat(report.tables()).isEqualTo(4);
        assertThat(scene.events)
                .filteredOn(e ->
                        e instanceof VerifyEvent.Phase phase && phase.phase().equals("hold"))
                .hasSizeGreaterThan(1);
    }

    @Test
    void reportsTablesThatOnlyOneSideHas() throws Exception {
        scene.database.execute(
                "CREATE TABLE extra (id int PRIMARY KEY)",
                "ALTER PUBLICATION warung ADD TABLE extra",
                "ALTER PUBLICATION warung DROP TABLE sales.wide",
                "DROP TABLE nilai");

        VerifyReport report = scene.verify();

        assertThat(report.identical()).isFalse();
        assertThat(report.problems())
                .filteredOn(r -> r.verdict() == Verdict.DIFFERENT)
                .extracting(r -> r.table() + ": " + r.reason())
                .containsExactlyInAnyOrder(
                        "public.extra: the publication has this table, the backup has not",
                        "sales.wide: the backup has this table, but the publication does not: its changes are lost",
                        "public.nilai: the backup has this table, PostgreSQL has not");
    }

    @Test
    void reportsColumnsThatDiffer() throws Exception {
        scene.database.execute("ALTER TABLE stok ADD COLUMN more int", "ALTER TABLE stok RENAME note TO remark");

        assertThat(scene.verify(Optional.of("stok"), e -> {}).problems())
                .singleElement()
                .extracting(TableResult::reason)
                .asString()
                .contains("PostgreSQL has a column remark text, the backup note text")
                .contains("PostgreSQL has a column more that the backup has not");
    }

    @Test
    void endsEverythingWhenTheListenerFails() {
        assertThatThrownBy(() -> scene.verify(Optional.empty(), event -> {
                    if (event instanceof VerifyEvent.Table) {
                        throw new IllegalStateException("client is gone");
                    }
                }))
                .hasMessage("client is gone");

        assertThat(scene.slotsOfVerifications()).isEqualTo("0");
        await().untilAsserted(() -> assertThat(
                        scene.database.value(
                                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'warung verify' AND backend_xmin IS NOT NULL"))
                .isEqualTo("0"));
    }

    private VerifyReport verifyFor(Duration snapshotWait) {
        try {
            return scene.verifier(snapshotWait).verify(Optional.empty(), event -> {
                scene.nudge();
                scene.events.add(event);
            });
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean backupHas(long id) throws Exception {
        try (BackupSnapshot snapshot = BackupSnapshot.open(scene.replica.file());
                Statement statement = snapshot.connection().createStatement()) {
            return statement.executeQuery("SELECT 1 FROM stok WHERE id = " + id).next();
        }
    }
}
