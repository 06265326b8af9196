package dev.warung.outlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.runtime.FaultPoints;
import dev.warung.embedded.JavaProcess;
import dev.warung.testkit.KafkaFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The outlet is halted at every fault point, as by a power cut, again and again (I4, I7). */
class CrashIT {

    private static final List<String> POINTS = List.of(
            "outlet.before-commit",
            "outlet.switched",
            "outlet.apply",
            "outlet.after-commit",
            "outlet.staged",
            "outlet.apply",
            "outlet.before-commit",
            "outlet.switched");

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.create();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {41})
    void afterEachCrashTheFileIsAtAnEndMarkAndInTheEndItIsComplete(long seed) {
        Random random = new Random(seed);
        Path file = directory.resolve("outlet.db");
        try (ShapeWriter writer = new ShapeWriter(KAFKA.bootstrapServers(), KAFKA.createPrefix())) {
            String topic =
                    writer.create(Shapes.shape("bank", 1, Shapes.LONG, Shapes.ACCOUNTS, Shapes.ENTRIES), Map.of());
            BankHistory bank = new BankHistory(writer, random, topic, "bank");
            bank.fill();
            writer.createPrivate();
            writer.tell();
            for (String point : POINTS) {
                bank.transactions(40);
                if (point.equals("outlet.switched")) {
                    writer.grow();
                    writer.tell();
                }
                crash(writer, bank, file, point, random);
                bank.check(file);
            }

            JavaProcess last = ChildOutlet.start(KAFKA.bootstrapServers(), writer, file);
            RunningOutlet.awaitPosition(file, "bank", bank.last());
            last.stop(Duration.ofSeconds(20));
            assertThat(bank.check(file)).isTrue();
            assertThat(last.exitCode().orElse(-1)).as(last.logTail()).isIn(0, 143);
            // Logging is set up beside the reading of the settings, and nobody logs before it is.
            assertThat(last.output()).doesNotContain("SLF4J");
        }
    }

    /** The point may not be reached: then the process is killed when it has nothing left to do. */
    private static void crash(ShapeWriter writer, BankHistory bank, Path file, String point, Random random) {
        int hit = point.equals("outlet.apply") ? 1 + random.nextInt(300) : 1 + random.nextInt(3);
        JavaProcess process = ChildOutlet.start(
                KAFKA.bootstrapServers(),
                writer,
                file,
                "-Dwarung.fault=" + point + ":" + (point.equals("outlet.switched") ? 1 : hit));
        Awaitility.await()
                .atMost(RunningOutlet.LIMIT)
                .ignoreExceptions()
                .until(() -> !process.isAlive()
                        || bank.last()
                                .toString()
                                .equals(OutletDump.of(file).positions().get("bank")));
        process.kill();
        OptionalInt code = process.exitCode();
        assertThat(code.orElse(0)).as(process.logTail()).isIn(FaultPoints.EXIT_STATUS, 137);
    }
}
