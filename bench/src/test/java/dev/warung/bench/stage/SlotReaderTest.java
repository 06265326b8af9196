package dev.warung.bench.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import org.junit.jupiter.api.Test;

final class SlotReaderTest {
    @Test
    void debeziumsJarsComeFirstAndAllElseKeepsItsOrder() {
        String classPath = String.join(
                File.pathSeparator,
                "/lib/warung-capture-1.jar",
                "/lib/a.jar",
                "/m2/debezium-api-3.jar",
                "/lib/debezium-core.jar");

        assertThat(SlotReader.debeziumFirst(classPath).split(File.pathSeparator))
                .containsExactly(
                        "/m2/debezium-api-3.jar", "/lib/debezium-core.jar", "/lib/warung-capture-1.jar", "/lib/a.jar");
    }
}
