package dev.warung.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldChangeIT {
    @Test
    void lastsUntilItIsClosed(@TempDir Path directory) {
        Path file = directory.resolve("a file");

        try (HeldChange change = HeldChange.make("touch \"$0\"", "rm \"$0\"", file.toString())) {
            assertThat(file).exists();
            change.close();
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void saysWhyItCouldNotBeMade() {
        assertThatThrownBy(() -> HeldChange.make("echo 'no room' && false", "true"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no room");
    }
}
