package dev.warung.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    private static final Setting<String> URL = Setting.text("postgres-url", null, "where PostgreSQL is");
    private static final Setting<String> PASSWORD = Setting.secret("password", "", "its password");
    private static final Setting<Long> SIZE = Setting.bytes("size", "16m", "a size");
    private static final Setting<Duration> WAIT = Setting.duration("wait", "250ms", "a wait");
    private static final Setting<Boolean> RESYNC = Setting.flag("resync", "start over");
    private static final List<Setting<?>> ALL = List.of(URL, PASSWORD, SIZE, WAIT, RESYNC);

    @TempDir
    private Path folder;

    @Test
    void flagsBeatTheEnvironmentWhichBeatsTheFileWhichBeatsDefaults() throws Exception {
        Path file = Files.writeString(folder.resolve("w.properties"), "postgres-url=file\nsize=1k\nwait=2m\n");

        Settings settings = Settings.read(
                ALL,
                List.of("--postgres-url", "flag", "--config=" + file, "--resync"),
                Map.of("WARUNG_POSTGRES_URL", "environment", "WARUNG_SIZE", "2k"));

        assertThat(settings.get(URL)).isEqualTo("flag");
        assertThat(settings.get(SIZE)).isEqualTo(2048);
        assertThat(settings.get(WAIT)).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.get(RESYNC)).isTrue();
        assertThat(settings.optional(PASSWORD)).isEmpty();
    }

    @Test
    void allProblemsAreReportedTogether() {
        assertThatThrownBy(() -> Settings.read(ALL, List.of("--size", "much", "--colour", "red", "stray"), Map.of()))
                .isInstanceOfSatisfying(
                        PipelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SETTINGS_INVALID))
                .hasMessageContaining("--postgres-url (or WARUNG_POSTGRES_URL) is not set")
                .hasMessageContaining("--size is 'much'")
                .hasMessageContaining("unknown flag --colour")
                .hasMessageContaining("'stray' is not a flag");
    }

    @Test
    void secretsComeFromFilesToAndAreNeverPrinted() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "rahasia\n");

        Settings settings =
                Settings.read(ALL, List.of("--postgres-url", "x", "--password-file", secret.toString()), Map.of());

        assertThat(settings.get(PASSWORD)).isEqualTo("rahasia");
        assertThat(settings.printable().toString()).doesNotContain("rahasia");
    }
}
