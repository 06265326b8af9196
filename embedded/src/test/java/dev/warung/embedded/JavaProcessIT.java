package dev.warung.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaProcessIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void childSeesItsArgumentsHeapAndEnvironmentAndStopsOnSigterm(@TempDir Path directory) {
        JavaProcess child = JavaProcess.start(spec(directory)
                .withArgs("wait", "two words")
                .withJvmOptions("-Xmx48m")
                .withEnvironment(Map.of("WARUNG_COLOUR", "blue")));
        child.awaitOutput("ready", LIMIT);

        assertThat(child.output()).contains("two words").contains("blue").contains("heap 4");
        assertThat(child.stop(LIMIT)).isTrue();
        assertThat(child.output()).contains("hook ran");
        assertThat(child.exitCode()).hasValue(143);
    }

    @Test
    void killedChildRunsNoHookAndCanBeStartedAgain(@TempDir Path directory) {
        JavaProcess child = JavaProcess.start(spec(directory).withArgs("wait"));
        child.awaitOutput("ready", LIMIT);

        child.kill();

        assertThat(child.output()).doesNotContain("hook ran");
        try (JavaProcess second = child.startAgain()) {
            second.awaitOutput("ready", LIMIT);
            assertThat(second.pid()).isNotEqualTo(child.pid());
        }
    }

    @Test
    void childThatFailsIsReportedWithItsLog(@TempDir Path directory) {
        JavaProcess child = JavaProcess.start(spec(directory).withArgs("fail"));

        assertThatThrownBy(() -> child.awaitOutput("ready", LIMIT))
                .hasMessageContaining("exit code 1")
                .hasMessageContaining("told to fail");
    }

    private static JavaProcess.Spec spec(Path directory) {
        return JavaProcess.Spec.of(JavaProcessChildMain.class.getName(), directory.resolve("child.log"));
    }
}
