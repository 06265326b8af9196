package dev.warung.stack.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Grafana's dashboard asks for is what the roles export, from their start. */
class DashboardIT {

    /** Prometheus adds it to every target. */
    private static final String UP = "up";

    @TempDir
    private Path directory;

    @Test
    @Timeout(300)
    void everyMetricOfTheDashboardIsExported() throws Exception {
        try (Pipeline pipeline = new Pipeline(directory, Map.of())) {
            pipeline.startCapture();
            pipeline.startReplicator();
            pipeline.drain();

            Set<String> exported = new TreeSet<>(Set.of(UP));
            exported.addAll(names(pipeline.captureMetrics()));
            exported.addAll(names(pipeline.replicatorMetrics()));

            assertThat(exported)
                    .contains(
                            "cdc_role_ready",
                            "cdc_capture_lag_seconds",
                            "cdc_replicator_lag_seconds",
                            "cdc_replicator_lag_rows",
                            "cdc_replicator_changes_total",
                            "cdc_capture_retained_wal_bytes",
                            "jvm_memory_used_bytes",
                            "kafka_producer_record_send_total",
                            "kafka_consumer_fetch_manager_records_consumed_total");
            for (String query : DashboardQueries.all()) {
                assertThat(exported).as(query).containsAll(DashboardQueries.metrics(query));
            }
        }
    }

    private static Set<String> names(String scrape) {
        return scrape.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toSet());
    }
}
