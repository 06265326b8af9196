package dev.warung.stack.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warung.testkit.pipeline.OutletProcess;
import dev.warung.testkit.pipeline.RoleProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Grafana's dashboard asks for is what the roles and an outlet export, from their start. */
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
            pipeline.execute("CREATE TABLE produk (id int PRIMARY KEY)");
            pipeline.execute("INSERT INTO warung.shapes (name, definition)"
                    + " VALUES ('katalog', '{\"tables\": [{\"table\": \"public.produk\"}]}')");
            pipeline.execute("INSERT INTO warung.outlets (code, name) VALUES ('kota-7', 'Kota Tujuh')");
            String id = pipeline.query("SELECT id FROM warung.outlets");
            try (OutletProcess outlet = pipeline.newOutlet("kota-7", id, directory.resolve("kota-7"));
                    RoleProcess intake = pipeline.newIntake()) {
                intake.start();
                outlet.role().start();
                // The server hears of an outlet when it has told its position.
                await().atMost(Pipeline.PATIENCE)
                        .until(() ->
                                names(pipeline.replicatorMetrics()).contains("cdc_outlet_last_seen_timestamp_seconds"));

                await().atMost(Pipeline.PATIENCE)
                        .until(() -> intake.status()
                                .map(status -> status.path("healthy").asBoolean())
                                .orElse(false));
                assertExported(pipeline, outlet, intake);
            }
        }
    }

    private static void assertExported(Pipeline pipeline, OutletProcess outlet, RoleProcess intake) throws IOException {
        String ofOutlet = outlet.role().http("GET", "/metrics", Pipeline.PATIENCE);
        Set<String> exported = new TreeSet<>(Set.of(UP));
        exported.addAll(names(pipeline.captureMetrics()));
        exported.addAll(names(pipeline.replicatorMetrics()));
        exported.addAll(names(ofOutlet));
        exported.addAll(names(intake.http("GET", "/metrics", Pipeline.PATIENCE)));

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
        assertThat(ofOutlet.lines().filter(line -> line.startsWith("cdc_")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("outlet=\"kota-7\""));
        assertThat(pipeline.replicatorMetrics()).contains("cdc_outlet_behind_rows{outlet=\"kota-7\"}");
    }

    private static Set<String> names(String scrape) {
        return scrape.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toSet());
    }
}
