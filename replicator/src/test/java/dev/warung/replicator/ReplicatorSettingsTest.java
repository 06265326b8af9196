package dev.warung.replicator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.Topics;
import dev.warung.replicator.follow.FollowOptions;
import dev.warung.replicator.follow.Replicator;
import dev.warung.replicator.routing.RouterOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicatorSettingsTest {

    @Test
    void onlyKafkaMustBeSet() {
        ReplicatorSettings settings = ReplicatorSettings.read(List.of("--kafka", "k:9092"), Map.of());

        assertThat(settings.replicator())
                .isEqualTo(new Replicator.Options(
                        Path.of("backup.db").toAbsolutePath(),
                        new Topics("warung"),
                        new FollowOptions(5_000, Duration.ofMillis(250), 32L << 20),
                        Duration.ofDays(6),
                        Duration.ofSeconds(30),
                        Optional.of(new RouterOptions(
                                new Topics("warung"),
                                Map.of(
                                        "bootstrap.servers",
                                        "k:9092",
                                        "metric.reporters",
                                        "",
                                        "enable.metrics.push",
                                        "false"),
                                new RouterOptions.TopicOptions(
                                        (short) 1, Duration.ofDays(7), Duration.ofDays(35), 64L << 20),
                                Duration.ofMinutes(10),
                                2L << 20))));
        assertThat(settings.kafkaClient())
                .isEqualTo(
                        Map.of("bootstrap.servers", "k:9092", "metric.reporters", "", "enable.metrics.push", "false"));
        assertThat(settings.monitoringGroup()).isEqualTo("warung.replicator.backup");
        assertThat(settings.http().getPort()).isEqualTo(8082);
        assertThat(settings.http().getAddress().isLoopbackAddress()).isTrue();
        assertThat(settings.verify()).isEmpty();
        assertThat(settings.markerAgeMax()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void everySettingArrivesWhereItIsUsed() {
        ReplicatorSettings settings = ReplicatorSettings.read(
                List.of("--kafka=k:1", "--prefix=p", "--file=/x/y.db", "--id=b", "--http=0.0.0.0:1", "--batch-rows=7"),
                Map.of(
                        "WARUNG_BATCH_TIME", "1s",
                        "WARUNG_BUFFER_BYTES", "1m",
                        "WARUNG_FOLLOW_WITHIN", "1h",
                        "WARUNG_MARKER_AGE_MAX", "2m",
                        "WARUNG_RETRY_MAX", "3s",
                        "WARUNG_ROUTE_SHAPES", "false",
                        "WARUNG_POSTGRES_URL", "postgresql://u:secret@h/d"));

        assertThat(settings.replicator())
                .isEqualTo(new Replicator.Options(
                        Path.of("/x/y.db"),
                        new Topics("p"),
                        new FollowOptions(7, Duration.ofSeconds(1), 1 << 20),
                        Duration.ofHours(1),
                        Duration.ofSeconds(3),
                        Optional.empty()));
        assertThat(settings.monitoringGroup()).isEqualTo("p.replicator.b");
        assertThat(settings.verify()).isPresent();
        assertThat(settings.printable().toString()).doesNotContain("secret");
    }

    @Test
    void everySettingOfShapesArrivesWhereItIsUsed() {
        ReplicatorSettings settings = ReplicatorSettings.read(
                List.of("--kafka=k:1", "--shape-grace=1m", "--shape-row-bytes-max=1k", "--replication-factor=3"),
                Map.of(
                        "WARUNG_MIN_COMPACTION_LAG", "1h",
                        "WARUNG_DELETE_RETENTION", "2h",
                        "WARUNG_SEGMENT_BYTES", "1m"));

        assertThat(settings.replicator().routing())
                .contains(new RouterOptions(
                        new Topics("warung"),
                        Map.of("bootstrap.servers", "k:1", "metric.reporters", "", "enable.metrics.push", "false"),
                        new RouterOptions.TopicOptions((short) 3, Duration.ofHours(1), Duration.ofHours(2), 1 << 20),
                        Duration.ofMinutes(1),
                        1 << 10));
    }

    @Test
    void allProblemsAreToldTogether() {
        assertThatThrownBy(() -> ReplicatorSettings.read(List.of("--prefix", "a b", "--batch-rows", "many"), Map.of()))
                .isInstanceOf(PipelineException.class)
                .hasMessageContainingAll("--kafka", "--prefix", "--batch-rows");
    }
}
