package dev.warung.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.replicator.model.BackupDump;
import dev.warung.replicator.model.RandomRun;
import dev.warung.testkit.KafkaFixture;
import dev.warung.testkit.log.TestLog;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random histories of rows, schema changes, rewrites and new epochs, with restarts of the replicator (I4, I5). */
class FollowIT {

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.create();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyCommitOfTheBackupEqualsTheSourceAtSomeCommit(long seed) {
        Random random = new Random(seed);
        Path file = directory.resolve("backup.db");
        try (TestLog log =
                new TestLog(KAFKA.bootstrapServers(), KAFKA.createPrefix(), Map.of(), InstantSource.system())) {
            RandomRun run = new RandomRun(log, random);
            run.copy();
            RunningReplicator replicator = RunningReplicator.start(KAFKA.bootstrapServers(), log.topics(), file);
            try {
                for (int i = 0; i < 300; i++) {
                    run.transaction();
                    if (random.nextInt(40) == 0) {
                        replicator.close();
                        replicator = RunningReplicator.start(KAFKA.bootstrapServers(), log.topics(), file);
                    }
                    if (random.nextInt(10) == 0) {
                        run.check(file);
                    }
                }
                run.finish();
                replicator.awaitPosition(log.last().toString());
            } finally {
                replicator.close();
            }

            assertThat(BackupDump.of(file).tables()).isEqualTo(run.now());
            assertThat(replicator.status().failure()).isEmpty();
        }
    }
}
