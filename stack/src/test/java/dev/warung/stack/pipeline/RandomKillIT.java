package dev.warung.stack.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warung.core.runtime.FaultPoints;
import dev.warung.testkit.check.BankReader;
import dev.warung.testkit.check.LogAudit;
import dev.warung.testkit.load.BankLoad;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills capture, replicator, broker and PostgreSQL with {@code kill -9} at random moments under load; after each kill I1 to I5 hold.
 *
 * <p>Replay a run with {@code -Dkill.seed=N}; {@code -Dkill.count=N} sets the number of kills.
 */
@Tag("kill")
class RandomKillIT {

    private static final Logger LOG = LoggerFactory.getLogger(RandomKillIT.class);
    private static final int WRITERS = 2;

    /** Many PostgreSQL transactions are spread over several Kafka transactions, so that deaths leave part of one behind. */
    private static final String[] SMALL_PARTS = {"--batch-rows", "300"};

    /** Kafka's smallest segments, rolled twice a second and cleaned all the time, with no grace for versions that a reader may want. */
    private static final Map<String, String> TINY_SEGMENTS = Map.of(
            "log.roll.ms", "500",
            "log.cleaner.backoff.ms", "200",
            "log.cleaner.min.cleanable.ratio", "0.01");

    @TempDir
    private Path directory;

    @Test
    @Timeout(3600)
    void everyInvariantHoldsAfterEachKill() throws Exception {
        long seed = Long.getLong("kill.seed", 20_261_121L);
        int kills = Integer.getInteger("kill.count", 3);
        Random random = new Random(seed);
        try (Pipeline pipeline = new Pipeline(directory, Map.of()).withCaptureFlags(SMALL_PARTS)) {
            prepare(pipeline, seed);
            LogAudit audit = pipeline.audit();
            pipeline.startCapture();
            pipeline.startReplicator();
            pipeline.drain();
            try (BankReader reader = BankReader.start(pipeline.backup());
                    BankLoad load = BankLoad.start(pipeline::connect, WRITERS, seed)) {
                for (int i = 0; i < kills; i++) {
                    Victim victim = Victim.pick(random);
                    pause(200 + random.nextInt(2500));
                    LOG.info("seed {} kill {} of {}: {}", seed, i + 1, kills, victim);
                    victim.kill(pipeline);
                    pause(random.nextInt(1200));
                    victim.revive(pipeline);
                    check(pipeline, audit);
                    assertThat(reader.problems()).isEmpty();
                }
                assertThat(load.committed()).isPositive();
                assertThat(reader.samples()).isPositive();
            }
            check(pipeline, audit);
            LOG.info("{} kills, {} records of the log checked", kills, audit.records());
        }
    }

    @Test
    @Timeout(900)
    void aKillInTheFirstTransactionAfterTheInitialCopyLosesNothing() throws Exception {
        try (Pipeline pipeline = new Pipeline(directory, Map.of()).withCaptureFlags(SMALL_PARTS)) {
            prepare(pipeline, 1);
            pipeline.startCapture("-Dwarung.fault=capture.row:700");
            await().atMost(Pipeline.PATIENCE).until(() -> pipeline.isStreaming());

            bulk(pipeline, 2000);

            assertThat(pipeline.capture().awaitExit(Pipeline.PATIENCE)).hasValue(FaultPoints.EXIT_STATUS);
            pipeline.startCapture();
            pipeline.startReplicator();
            check(pipeline, pipeline.audit());
            assertThat(pipeline.backupCount("big")).isEqualTo(2000);
        }
    }

    @Test
    @Tag("long")
    @Timeout(900)
    void tinySegmentsAndForcedCompactionDuringBootstrapAndCatchUpShowNoHalfTransaction() throws Exception {
        try (Pipeline pipeline = new Pipeline(directory, TINY_SEGMENTS)
                .withCaptureFlags("--min-compaction-lag", "0ms", "--segment-bytes", "1m")) {
            prepare(pipeline, 2);
            pipeline.startCapture();
            pipeline.startReplicator();
            pipeline.drain();
            try (BankReader reader = BankReader.start(pipeline.backup());
                    BankLoad load = BankLoad.start(pipeline::connect, WRITERS, 2)) {
                for (int i = 0; i < 2; i++) {
                    pipeline.replicator().kill();
                    long before = load.committed();
                    await().atMost(Pipeline.PATIENCE).until(() -> load.committed() > before + 400);
                    if (i == 1) {
                        pipeline.deleteBackup();
                    }
                    pipeline.startReplicator();
                    pipeline.drain();
                }
                assertThat(reader.problems()).isEmpty();
            }
            pipeline.drain();
            pipeline.assertIdentical();
        }
    }

    private static void prepare(Pipeline pipeline, long seed) throws Exception {
        try (Connection connection = pipeline.connect()) {
            BankLoad.createTables(connection);
        }
        LOG.info("seed {}: replay with -Dkill.seed={}", seed, seed);
    }

    private static void bulk(Pipeline pipeline, int rows) throws Exception {
        try (Connection connection = pipeline.connect();
                var statement = connection.createStatement()) {
            statement.execute("INSERT INTO big SELECT g, 'isi', g FROM generate_series(1, " + rows + ") g");
        }
    }

    private static void check(Pipeline pipeline, LogAudit audit) throws Exception {
        pipeline.drain();
        assertThat(pipeline.slotSampler().problem(Pipeline.PREFIX)).isEmpty();
        assertThat(audit.problems()).isEmpty();
        pipeline.assertIdentical();
    }

    /** Lets the load run for a while: the moment of the kill is random by intent, nothing waits for a state here. */
    private static void pause(long ms) {
        await().pollDelay(Duration.ofMillis(ms))
                .atMost(Duration.ofMillis(ms + 5000))
                .until(() -> true);
    }

    private enum Victim {
        CAPTURE {
            @Override
            void kill(Pipeline pipeline) {
                pipeline.capture().kill();
            }

            @Override
            void revive(Pipeline pipeline) {
                pipeline.startCapture();
            }
        },
        REPLICATOR {
            @Override
            void kill(Pipeline pipeline) {
                pipeline.replicator().kill();
            }

            @Override
            void revive(Pipeline pipeline) {
                pipeline.startReplicator();
            }
        },
        BROKER {
            @Override
            void kill(Pipeline pipeline) {
                pipeline.kafka().kill();
            }

            @Override
            void revive(Pipeline pipeline) {
                pipeline.kafka().start();
            }
        },
        POSTGRES {
            @Override
            void kill(Pipeline pipeline) {
                pipeline.postgres().kill();
            }

            @Override
            void revive(Pipeline pipeline) {
                pipeline.postgres().start();
            }
        };

        /** Capture twice as often as the others: most that can go wrong goes wrong there. */
        private static final List<Victim> WEIGHTED = List.of(CAPTURE, CAPTURE, REPLICATOR, BROKER, POSTGRES);

        static Victim pick(Random random) {
            return WEIGHTED.get(random.nextInt(WEIGHTED.size()));
        }

        abstract void kill(Pipeline pipeline);

        abstract void revive(Pipeline pipeline);
    }
}
