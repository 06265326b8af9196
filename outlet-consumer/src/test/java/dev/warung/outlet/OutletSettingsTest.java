package dev.warung.outlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.runtime.PipelineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutletSettingsTest {

    private static final String SECRET = "canary-4711";

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("enrolment.json");
        Files.writeString(file, """
                {"kafka": "kafka.example:9092", "prefix": "warung", "outlet": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                 "code": "toko-1", "credentials": {"sasl.jaas.config": "%s"}}""".formatted(SECRET));
    }

    @Test
    void theEnrolmentFileIsEnough() {
        OutletSettings settings = OutletSettings.read(List.of("--enrol", file.toString()), Map.of());

        assertThat(settings.kafkaClient())
                .containsEntry("bootstrap.servers", "kafka.example:9092")
                .containsEntry("sasl.jaas.config", SECRET);
        assertThat(settings.monitoringGroup()).isEqualTo("warung.outlet.toko-1");
        assertThat(settings.outlet().file()).isEqualTo(Path.of("outlet.db").toAbsolutePath());
        assertThat(settings.http().getHostString()).isEqualTo("127.0.0.1");
        assertThat(settings.http().getPort()).isEqualTo(8083);
    }

    @Test
    void everythingCanBeSet() {
        OutletSettings settings = OutletSettings.read(
                List.of("--enrol", file.toString(), "--file", "/data/toko.db", "--http", "0.0.0.0:9000"),
                Map.of("WARUNG_KAFKA", "other:9093", "WARUNG_RETRY_MAX", "5s"));

        assertThat(settings.outlet().file()).isEqualTo(Path.of("/data/toko.db"));
        assertThat(settings.outlet().retryMax()).hasSeconds(5);
        assertThat(settings.kafkaClient()).containsEntry("bootstrap.servers", "other:9093");
        assertThat(settings.http().getPort()).isEqualTo(9000);
    }

    @Test
    void noTextShowsTheCredentials() {
        OutletSettings settings = OutletSettings.read(List.of("--enrol", file.toString()), Map.of());

        assertThat(settings.printable().toString() + settings.enrolment()).doesNotContain(SECRET);
    }

    @Test
    void aFileThatIsNoEnrolmentIsRefused() throws IOException {
        Files.writeString(file, "{}");

        assertThatThrownBy(() -> OutletSettings.read(List.of("--enrol", file.toString()), Map.of()))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("SETTINGS_INVALID")
                .hasMessageContaining("enrolment.json");
        assertThatThrownBy(() -> OutletSettings.read(List.of("--enrol", "missing.json"), Map.of()))
                .hasMessageContaining("missing.json");
    }
}
