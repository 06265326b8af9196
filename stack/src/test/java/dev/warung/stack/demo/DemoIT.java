package dev.warung.stack.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warung.embedded.JavaProcess;
import dev.warung.stack.cli.WarungMain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that the README begins with, in a JVM of its own as a user runs it. */
class DemoIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @Test
    void demoEndsIdenticalAndIsContinuedUntilItIsStopped(@TempDir Path directory) {
        Path data = directory.resolve("data with a blank");
        JavaProcess first =
                start(directory, "demo", "--for", "20s", "--rate", "40", "--outlets", "2", "--data", data.toString());
        assertThat(first.awaitExit(LIMIT)).as(first.logTail()).hasValue(0);
        assertThat(first.output())
                .contains("database was created")
                .contains("identical")
                .contains("Each of the 2 outlets holds exactly")
                .contains("toko-1 is offline now")
                .contains("Conflicts were decided")
                .contains("PostgreSQL has each of the tills'");

        JavaProcess second = start(directory, "demo", "--rate", "40", "--data", data.toString());
        second.awaitOutput("00:08", LIMIT);
        for (String question : List.of("status", "verify")) {
            // Right after the start no fresh heartbeat may have come through yet: then status says so, and exits 1.
            await().atMost(LIMIT).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
                JavaProcess asked = start(directory, question, "--data", data.toString());
                assertThat(asked.awaitExit(LIMIT)).as(asked.output()).hasValue(0);
            });
        }
        assertThat(second.stop(LIMIT)).isTrue();
        assertThat(second.output()).contains("is continued").contains("identical");
        assertThat(second.exitCode()).hasValue(0);
    }

    private static JavaProcess start(Path directory, String... arguments) {
        return JavaProcess.start(
                JavaProcess.Spec.of(WarungMain.class.getName(), directory.resolve(arguments[0] + ".log"))
                        .withArgs(arguments)
                        .withJvmOptions("-Xmx128m"));
    }
}
