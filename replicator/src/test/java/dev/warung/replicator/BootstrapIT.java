package dev.warung.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.replicator.follow.ReplicatorState;
import dev.warung.replicator.model.BackupDump;
import dev.warung.replicator.model.RandomRun;
import dev.warung.testkit.KafkaFixture;
import dev.warung.testkit.log.TestLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backup built from compacted topics while they are written and compacted, with tiny segments. */
@Tag("long")
class BootstrapIT {

    /** Deletes stay longer than a bootstrap takes: that is what delete.retention.ms promises. */
    private static final Map<String, String> COMPACTED_AT_ONCE = Map.of(
            "cleanup.policy", "compact",
            "segment.ms", "100",
            "min.cleanable.dirty.ratio", "0.001",
            "min.compaction.lag.ms", "0",
            "max.compaction.lag.ms", "200",
            "delete.retention.ms", "60000",
            "file.delete.delay.ms", "100");

    @RegisterExtension
    static final KafkaFixture KAFKA =
            KafkaFixture.with(Map.of("log.cleaner.backoff.ms", "50", "log.cleaner.threads", "1"));

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {11, 13})
    void whatIsVisibleIsConsistentHoweverCompactionFalls(long seed) {
        Random random = new Random(seed);
        Path file = directory.resolve("backup.db");
        try (TestLog log = new TestLog(
                KAFKA.bootstrapServers(), KAFKA.createPrefix(), COMPACTED_AT_ONCE, InstantSource.system())) {
            RandomRun run = new RandomRun(log, random);
            run.copy();
            for (int i = 0; i < 100; i++) {
                run.transaction();
            }
            run.finish();
            RunningReplicator replicator = start(log, file);
            try {
                for (int i = 0; i < 250; i++) {
                    run.transaction();
                    if (random.nextInt(50) == 0) {
                        replicator.close();
                        replicator = start(log, file);
                    }
                    if (random.nextInt(50) == 0) {
                        replicator.close();
                        for (int j = 0; j < 30; j++) {
                            run.transaction();
                        }
                        replicator = start(log, file);
                    }
                    run.check(file);
                }
                run.finish();
                replicator.awaitPosition(log.last().toString());
            } finally {
                replicator.close();
            }

            assertThat(BackupDump.of(file).tables()).isEqualTo(run.now());
            assertThat(Files.exists(directory.resolve("backup.db.building"))).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21})
    void aHoleLeadsToABootstrapWhileTheOldContentStays(long seed) {
        Random random = new Random(seed);
        Path file = directory.resolve("backup.db");
        try (TestLog log = new TestLog(
                KAFKA.bootstrapServers(), KAFKA.createPrefix(), COMPACTED_AT_ONCE, InstantSource.system())) {
            RandomRun run = new RandomRun(log, random);
            run.copy();
            try (RunningReplicator first = RunningReplicator.start(KAFKA.bootstrapServers(), log.topics(), file)) {
                first.awaitPosition(log.last().toString());
            }
            for (int i = 0; i < 300; i++) {
                run.transaction();
            }
            run.finish();
            Awaitility.await().pollDelay(Duration.ofSeconds(3)).until(() -> true);

            try (RunningReplicator second = RunningReplicator.start(KAFKA.bootstrapServers(), log.topics(), file)) {
                boolean sawBootstrap = false;
                while (!second.status().position().id().equals(log.last())) {
                    sawBootstrap |= second.status().state() == ReplicatorState.BOOTSTRAPPING;
                    assertThat(run.check(file)).isTrue();
                }
                assertThat(sawBootstrap).isTrue();
            }
            assertThat(BackupDump.of(file).tables()).isEqualTo(run.now());
        }
    }

    private static RunningReplicator start(TestLog log, Path file) {
        return new RunningReplicator(KAFKA.bootstrapServers(), log.topics(), file, Duration.ZERO);
    }
}
