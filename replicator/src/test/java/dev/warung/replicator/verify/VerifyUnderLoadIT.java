package dev.warung.replicator.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.testkit.PostgresFixture;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Many writers at the same time, many comparisons, not one false alarm. */
@Timeout(600)
@Tag("long")
class VerifyUnderLoadIT {

    private static final int WRITERS = 6;
    private static final int ROUNDS = Integer.getInteger("verify.rounds", 20);

    /** The replica is slower than the writers; this keeps it near, which is where a false alarm would be. */
    private static final int LAG_MAX = 200;

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    private final AtomicLong commits = new AtomicLong();
    private volatile boolean stopped;

    @Test
    void raisesNoFalseAlarm(@TempDir Path directory) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(WRITERS);
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        try (VerifyScene scene = VerifyScene.create(POSTGRES.createDatabase(), directory)) {
            for (int writer = 0; writer < WRITERS; writer++) {
                Random random = new Random(writer);
                int number = writer;
                writers.add(CompletableFuture.runAsync(() -> write(scene, number, random), executor));
            }

            for (int round = 0; round < ROUNDS; round++) {
                long before = commits.get();
                VerifyReport report = scene.verifier(Duration.ofSeconds(60)).verify(Optional.empty(), e -> {});
                assertThat(report.problems())
                        .extracting(TableResult::table)
                        .as("round %s", round)
                        .containsExactly("public.keyless");
                assertThat(report.tables()).isEqualTo(4);
                assertThat(commits.get()).as("writes went on").isGreaterThan(before);
            }
            stopped = true;
            for (CompletableFuture<Void> writer : writers) {
                writer.get();
            }
            assertThat(scene.verify().identical()).isTrue();
            assertThat(scene.slotsOfVerifications()).isEqualTo("0");
        } finally {
            stopped = true;
            executor.shutdownNow();
        }
    }

    private void write(VerifyScene scene, int number, Random random) {
        try (Connection connection = scene.database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET synchronous_commit = " + (number % 2 == 0 ? "on" : "off"));
            connection.commit();
            while (!stopped) {
                while (commits.get() > scene.replica.applied() + LAG_MAX && !stopped) {
                    LockSupport.parkNanos(1_000_000);
                }
                int statements = 1 + random.nextInt(5);
                for (int i = 0; i < statements; i++) {
                    if (random.nextInt(6) == 0) {
                        statement.execute("SAVEPOINT s");
                    }
                    statement.execute(change(number, random));
                    if (random.nextInt(30) == 0) {
                        statement.execute("SAVEPOINT s");
                        statement.execute("DELETE FROM stok WHERE writer = " + number);
                        statement.execute("ROLLBACK TO SAVEPOINT s");
                    }
                }
                if (random.nextInt(10) == 0) {
                    connection.rollback();
                } else {
                    connection.commit();
                    commits.incrementAndGet();
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Each writer has its own keys, so that none waits for another, but all share the tables and their pages. */
    private static String change(int number, Random random) {
        int id = 10_000 + random.nextInt(500) * WRITERS + number;
        return switch (random.nextInt(20)) {
            case 0 -> "DELETE FROM stok WHERE id = " + id;
            case 1 ->
                "UPDATE stok SET amount = amount + 1 WHERE writer = " + number + " AND id % 5 = " + random.nextInt(5);
            case 2 ->
                "INSERT INTO nilai (k, n, t) VALUES ('w" + number + "', " + random.nextInt(300) + ", repeat('x', "
                        + random.nextInt(4000)
                        + ")) ON CONFLICT (k, n) DO UPDATE SET t = excluded.t, i = coalesce(nilai.i, 0) + 1";
            case 3 -> "INSERT INTO sales.wide (id, \"C 1\") VALUES (gen_random_uuid(), 'writer " + number + "')";
            default ->
                "INSERT INTO stok VALUES (" + id + ", " + number + ", " + random.nextInt(1000)
                        + ", 'n') ON CONFLICT (id) DO UPDATE SET note = stok.note || 'n'";
        };
    }
}
