package dev.warung.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationDocumentTest {
    private static final Path FILE = Path.of("../docs/configuration.md");

    @Test
    void documentIsCurrent() throws IOException {
        if (Boolean.getBoolean("warung.docs.write")) {
            Files.writeString(FILE, SettingText.document());
        }

        assertThat(Files.readString(FILE))
                .as("write it anew: ./mvnw test -pl stack -am -Dtest=ConfigurationDocumentTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dtest.jvm.args=-Dwarung.docs.write=true")
                .isEqualTo(SettingText.document());
    }
}
