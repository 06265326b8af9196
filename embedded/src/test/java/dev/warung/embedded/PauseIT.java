package dev.warung.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "a process's state is read from /proc")
final class PauseIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void processStandsStillUntilThePauseIsClosed(@TempDir Path directory) throws IOException {
        try (JavaProcess child = JavaProcess.start(
                JavaProcess.Spec.of(JavaProcessChildMain.class.getName(), directory.resolve("child.log"))
                        .withArgs("wait"))) {
            child.awaitOutput("ready", LIMIT);

            try (Pause pause = Pause.of(child.pid())) {
                assertThat(state(child)).isEqualTo('T');

                pause.close();
                Awaitility.await().atMost(LIMIT).until(() -> state(child) != 'T');
            }

            assertThat(child.stop(LIMIT)).isTrue();
            assertThat(child.output()).contains("hook ran");
        }
    }

    private static char state(JavaProcess child) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(child.pid()), "stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }
}
