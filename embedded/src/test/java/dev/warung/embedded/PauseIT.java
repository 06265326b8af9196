package dev.warung.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
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
                assertThat(states(child)).containsOnly('T');

                pause.close();
                Awaitility.await()
                        .atMost(LIMIT)
                        .ignoreExceptionsInstanceOf(IOException.class) // a thread that ended meanwhile
                        .until(() -> !states(child).contains('T'));
            }

            assertThat(child.stop(LIMIT)).isTrue();
            assertThat(child.output()).contains("hook ran");
        }
    }

    @Test
    void aProcessThatIsGoneIsNamed() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();

        assertThatThrownBy(() -> Pause.of(gone.pid()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(Long.toString(gone.pid()));
    }

    /** The state of each thread. */
    private static Set<Character> states(JavaProcess child) throws IOException {
        Set<Character> states = new HashSet<>();
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(child.pid()), "task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                states.add(stat.charAt(stat.lastIndexOf(')') + 2));
            }
        }
        return states;
    }
}
