package dev.warung.stack.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileTest {
    @Test
    void isFoundWhileItsProcessRuns(@TempDir Path directory) {
        RunFile run = new RunFile(
                ProcessHandle.current().pid(),
                "pg",
                "kafka",
                "http://c",
                "http://r",
                "http://i",
                "backup.db",
                "warung");

        run.write(directory);

        assertThat(RunFile.read(directory)).contains(run);
        RunFile.delete(directory);
        assertThat(RunFile.read(directory)).isEmpty();
    }

    @Test
    void isIgnoredWhenItsProcessIsGone(@TempDir Path directory) {
        new RunFile(Long.MAX_VALUE, "pg", "kafka", "http://c", "http://r", null, "backup.db", "warung")
                .write(directory);

        assertThat(RunFile.read(directory)).isEmpty();
    }

    @Test
    void secondPipelineOnADirectoryIsRefused(@TempDir Path directory) {
        try (DirectoryLock first = DirectoryLock.take(directory)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> DirectoryLock.take(directory))
                    .isInstanceOf(StackException.class)
                    .hasMessageContaining("--data");
        }
        DirectoryLock.take(directory).close();
    }
}
