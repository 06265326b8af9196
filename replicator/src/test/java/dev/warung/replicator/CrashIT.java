package dev.warung.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.runtime.FaultPoints;
import dev.warung.embedded.JavaProcess;
import dev.warung.replicator.model.BackupDump;
import dev.warung.replicator.model.RandomRun;
import dev.warung.testkit.KafkaFixture;
import dev.warung.testkit.log.TestLog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The replicator is halted at random fault points, as by a power cut, again and again (I2, I4). */
@Tag("long")
class CrashIT {

    private static final int CRASHES = 8;
    private static final List<String> POINTS = List.of(
            "replicator.apply",
            "replicator.apply",
            "replicator.before-commit",
            "replicator.after-commit",
            "bootstrap.passed",
            "bootstrap.restored");

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.create();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {31, 32})
    void afterEachCrashTheFileIsAtACommitAndInTheEndItIsIdentical(long seed) {
        Random random = new Random(seed);
        Path file = directory.resolve("backup.db");
        try (TestLog log =
                new TestLog(KAFKA.bootstrapServers(), KAFKA.createPrefix(), Map.of(), InstantSource.system())) {
            RandomRun run = new RandomRun(log, random);
            run.copy();
            for (int i = 0; i < CRASHES; i++) {
                write(run, 40);
                crash(log, file, random);
                run.check(file);
            }

            JavaProcess last = ChildReplicator.start(KAFKA.bootstrapServers(), log, file, List.of(), List.of());
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() ->
                            BackupDump.of(file).position().equals(log.last().toString()));
            ChildReplicator.stop(last);
            assertThat(BackupDump.of(file).tables()).isEqualTo(run.now());
        }
    }

    private static void write(RandomRun run, int transactions) {
        for (int j = 0; j < transactions; j++) {
            run.transaction();
        }
        run.finish();
    }

    /** The point may not be reached: then the process is killed when it has nothing left to do. */
    private static void crash(TestLog log, Path file, Random random) {
        String point = POINTS.get(random.nextInt(POINTS.size()));
        int hit = point.equals("replicator.apply") ? 1 + random.nextInt(300) : 1 + random.nextInt(3);
        String within = point.startsWith("bootstrap") ? "0ms" : "1d";
        JavaProcess process = ChildReplicator.start(
                KAFKA.bootstrapServers(),
                log,
                file,
                List.of("-Dwarung.fault=" + point + ":" + (point.startsWith("bootstrap") ? 1 : hit)),
                List.of("--follow-within", within, "--batch-rows", "50"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> !process.isAlive()
                        || BackupDump.of(file).position().equals(log.last().toString()));
        process.kill();
        OptionalInt code = process.exitCode();
        assertThat(code.orElse(0)).as(process.logTail()).isIn(FaultPoints.EXIT_STATUS, 137);
    }
}
