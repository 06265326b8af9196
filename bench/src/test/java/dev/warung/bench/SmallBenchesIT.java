package dev.warung.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.warung.bench.stage.BenchSetup;
import dev.warung.bench.writes.WritesBench;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmarks that take long even with few rows: every figure is there, and nothing is missing. */
@Tag("long")
class SmallBenchesIT {

    private static final int ROWS = 3_000;

    @TempDir
    private Path directory;

    @Test
    void latency() throws IOException {
        JsonNode json = json(LatencyBench.run(
                options(),
                new LatencyBench.Load(100, Duration.ofSeconds(3), Duration.ofSeconds(1), 2),
                InstantSource.system(),
                new ArrayList<>()::add));

        assertThat(json.at("/transactions").asLong()).isEqualTo(300);
        for (String figure : List.of("commitToSqliteMs", "commitToKafkaMs", "commitToRawClientMs")) {
            assertThat(json.at("/" + figure + "/p50").asDouble()).as(figure).isPositive();
        }
        assertThat(json.at("/idleCores").has("capture")).isTrue();
    }

    @Test
    void writes() throws IOException {
        JsonNode json = json(WritesBench.run(
                options(),
                new WritesBench.Load(20, Duration.ofSeconds(2), 500),
                InstantSource.system(),
                new ArrayList<>()::add));

        for (String figure : List.of("localToPostgresMs", "localToOtherOutletMs", "localToSyncedMs")) {
            assertThat(json.at("/" + figure + "/p50").asDouble()).as(figure).isPositive();
        }
        assertThat(json.at("/opsPerSecondToPostgres").asLong()).isPositive();
        assertThat(json.at("/recovery/ops").asLong()).isGreaterThanOrEqualTo(500);
        assertThat(json.at("/localRowsPerSecond").size()).isEqualTo(3);
    }

    @Test
    void snapshot() throws IOException {
        JsonNode json = json(SnapshotBench.run(options(), ROWS, new ArrayList<>()::add));

        assertThat(json.at("/rowsPerSecondToSqlite").asLong()).isPositive();
    }

    @Test
    void transaction() throws IOException {
        JsonNode json = json(TransactionBench.run(options(), ROWS, InstantSource.system(), new ArrayList<>()::add));

        assertThat(json.at("/commitToSqliteSeconds").asDouble()).isPositive();
        assertThat(json.at("/looks").asLong()).isPositive();
    }

    private BenchOptions options() {
        List<String> heap = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        return new BenchOptions(
                new BenchSetup(
                        directory.resolve("bench"), Path.of(System.getProperty("java.home")), heap, heap, heap, heap),
                1);
    }

    private static JsonNode json(Report report) throws IOException {
        JsonNode json = new ObjectMapper().readTree(report.json().toString());
        assertThat(report.isComplete()).as(json.toPrettyString()).isTrue();
        assertThat(json.at("/complete").asBoolean()).isTrue();
        assertThat(json.at("/peakRssBytes").size()).isPositive();
        return json;
    }
}
