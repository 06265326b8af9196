package dev.warung.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.runtime.FaultPoints;
import dev.warung.embedded.JavaProcess;
import dev.warung.testkit.KafkaFixture;
import dev.warung.testkit.check.LogReader;
import dev.warung.testkit.log.TestLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shape topics hold exactly their shape's rows, whenever the router dies (I4, I7). */
class RouterIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final List<String> POINTS = List.of(
            "router.filled",
            "router.routed",
            "router.before-commit",
            "router.sent",
            "router.after-commit",
            "replicator.before-commit",
            "replicator.after-commit");

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.create();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {41})
    void shapesAreExactAfterADeathAtEachPoint(long seed) throws Exception {
        Random random = new Random(seed);
        Path file = directory.resolve("backup.db");
        try (TestLog log =
                new TestLog(KAFKA.bootstrapServers(), KAFKA.createPrefix(), Map.of(), InstantSource.system())) {
            RoutedWorld world = new RoutedWorld(log, random);
            LogReader reader = new LogReader(KAFKA.bootstrapServers(), log.topics());
            world.begin(4);
            for (int i = 0; i < POINTS.size(); i++) {
                for (int j = 0; j < 25; j++) {
                    world.transaction();
                }
                world.addOutlet("baru-" + i, i % 4);
                world.flush();
                crash(log, file, POINTS.get(i) + ":" + (1 + random.nextInt(3)));
            }
            world.transaction();
            world.flush();

            JavaProcess last = start(log, file, "none:1");
            awaitNoDifference(world, reader, last);
            ChildReplicator.stop(last);
        }
    }

    @Test
    void aBackupThatWasRebuiltFillsEveryShapeAgain() throws Exception {
        Path file = directory.resolve("backup.db");
        try (TestLog log =
                new TestLog(KAFKA.bootstrapServers(), KAFKA.createPrefix(), Map.of(), InstantSource.system())) {
            RoutedWorld world = new RoutedWorld(log, new Random(7));
            LogReader reader = new LogReader(KAFKA.bootstrapServers(), log.topics());
            world.begin(3);
            JavaProcess first = start(log, file, "none:1");
            awaitNoDifference(world, reader, first);
            ChildReplicator.stop(first);
            for (String suffix : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(file.resolveSibling("backup.db" + suffix));
            }
            for (int j = 0; j < 25; j++) {
                world.transaction();
            }
            world.flush();

            JavaProcess second = ChildReplicator.start(
                    KAFKA.bootstrapServers(), log, file, List.of(), List.of("--follow-within", "0ms"));
            awaitNoDifference(world, reader, second);
            ChildReplicator.stop(second);

            assertThat(reader.topics(log.topics().prefix() + ".shape.branch.0."))
                    .containsExactly(
                            log.topics().shape("branch", List.of("0"), 1),
                            log.topics().shape("branch", List.of("0"), 2));
        }
    }

    @Test
    void anOlderCopyOfTheBackupGoesOnWithoutRoutingTwice() throws Exception {
        Path file = directory.resolve("backup.db");
        Path copy = directory.resolve("copy.db");
        try (TestLog log =
                new TestLog(KAFKA.bootstrapServers(), KAFKA.createPrefix(), Map.of(), InstantSource.system())) {
            RoutedWorld world = new RoutedWorld(log, new Random(8));
            LogReader reader = new LogReader(KAFKA.bootstrapServers(), log.topics());
            world.begin(3);
            JavaProcess first = start(log, file, "none:1");
            awaitNoDifference(world, reader, first);
            ChildReplicator.stop(first);
            Files.copy(file, copy);
            for (int j = 0; j < 25; j++) {
                world.transaction();
            }
            world.flush();
            JavaProcess second = start(log, file, "none:1");
            awaitNoDifference(world, reader, second);
            ChildReplicator.stop(second);

            Files.move(copy, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            for (int j = 0; j < 25; j++) {
                world.transaction();
            }
            world.flush();
            JavaProcess third = start(log, file, "none:1");
            awaitNoDifference(world, reader, third);
            ChildReplicator.stop(third);

            assertThat(reader.topics(log.topics().prefix() + ".shape.branch.0."))
                    .containsExactly(log.topics().shape("branch", List.of("0"), 1));
        }
    }

    /** As a router leaves it that dies while it deletes what nobody needs. */
    @Test
    void aTopicThatIsGoneIsReplaced() throws Exception {
        Path file = directory.resolve("backup.db");
        try (TestLog log =
                        new TestLog(KAFKA.bootstrapServers(), KAFKA.createPrefix(), Map.of(), InstantSource.system());
                Admin admin = KAFKA.admin()) {
            RoutedWorld world = new RoutedWorld(log, new Random(9));
            world.begin(3);
            JavaProcess first = start(log, file, "none:1");
            awaitNoDifference(world, new LogReader(KAFKA.bootstrapServers(), log.topics()), first);
            ChildReplicator.stop(first);
            List<String> lost = List.of(
                    log.topics().shape("branch", List.of("0"), 1), log.topics().outlet("toko-1"));
            admin.deleteTopics(lost).all().get();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> Collections.disjoint(admin.listTopics().names().get(), lost));
            world.transaction();
            world.flush();

            LogReader reader = new LogReader(KAFKA.bootstrapServers(), log.topics());
            JavaProcess second = start(log, file, "none:1");
            awaitNoDifference(world, reader, second);
            ChildReplicator.stop(second);

            assertThat(reader.topics(log.topics().prefix() + ".shape.branch."))
                    .containsExactly(
                            log.topics().shape("branch", List.of("0"), 2),
                            log.topics().shape("branch", List.of("1"), 1),
                            log.topics().shape("branch", List.of("2"), 1));
        }
    }

    private static void awaitNoDifference(RoutedWorld world, LogReader reader, JavaProcess process) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(world.differences(reader))
                        .as(process.logTail())
                        .isEmpty());
    }

    private static JavaProcess start(TestLog log, Path file, String fault) {
        return ChildReplicator.start(
                KAFKA.bootstrapServers(),
                log,
                file,
                List.of("-Dwarung.fault=" + fault),
                List.of("--batch-rows", "40", "--batch-time", "20ms"));
    }

    private static void crash(TestLog log, Path file, String fault) {
        JavaProcess process = start(log, file, fault);
        assertThat(process.awaitExit(PATIENCE)).as(fault + process.logTail()).hasValue(FaultPoints.EXIT_STATUS);
    }
}
