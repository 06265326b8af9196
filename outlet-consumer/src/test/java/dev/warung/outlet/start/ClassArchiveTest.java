package dev.warung.outlet.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {

    @AfterEach
    void clear() {
        System.clearProperty("warung.archive.mark");
    }

    @Test
    void aRunThatGotFarEnoughSaysSoIfItIsAsked(@TempDir Path directory) {
        ClassArchive.keep();
        assertThat(directory).isEmptyDirectory();

        Path mark = directory.resolve("outlet classes.mark");
        System.setProperty("warung.archive.mark", mark.toString());
        ClassArchive.keep();
        ClassArchive.keep();
        assertThat(mark).exists();

        System.setProperty("warung.archive.mark", directory.resolve("gone/mark").toString());
        ClassArchive.keep();
        assertThat(directory.resolve("gone")).doesNotExist();
    }
}
