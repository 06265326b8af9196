package dev.warung.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.warung.bench.stage.BenchSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That every stage delivers every row, and that every figure is there; what the figures are is nobody's business here. */
final class PipelineBenchIT {
    private static final int ROWS = 3000;

    @Test
    void everyStageDeliversAllRowsAndEveryFigureIsThere(@TempDir Path directory) throws IOException {
        List<String> heap = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        BenchSetup setup = new BenchSetup(
                directory.resolve("bench"), Path.of(System.getProperty("java.home")), heap, heap, heap, heap);

        PipelineReport report = PipelineBench.run(
                new BenchOptions(setup, 1), new PipelineBench.Load(ROWS, 100, ROWS), new ArrayList<>()::add);

        JsonNode json = new ObjectMapper().readTree(report.json().toString());
        assertThat(json.at("/complete").asBoolean()).as(json.toPrettyString()).isTrue();
        for (String stage :
                List.of("raw", "debeziumDefault", "debeziumCapture", "captureToKafka", "kafkaToSqlite", "endToEnd")) {
            JsonNode figures = json.at("/stages/" + stage);
            assertThat(figures.at("/rowsDelivered").asLong()).as(stage).isEqualTo(ROWS);
            assertThat(figures.at("/rowsPerSecond").asLong()).as(stage).isPositive();
            assertThat(figures.at("/rowsPerSecondOfRuns")).as(stage).hasSize(1);
            assertThat(figures.at("/cpuSecondsPer100kRows")).as(stage).isNotEmpty();
        }
        assertThat(json.at("/stages/endToEnd/cpuSecondsPer100kRows").fieldNames())
                .toIterable()
                .containsExactly("capture", "replicator", "walsender", "kafka");
        assertThat(json.at("/ratios").fieldNames())
                .toIterable()
                .containsExactly("endToEndToRaw", "endToEndToDebeziumDefault", "endToEndToDebeziumCapture");
        assertThat(json.at("/peakRssBytes").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "raw", "debeziumDefault", "debeziumCapture", "capture", "replicator", "kafka");
        for (String field : List.of("benchmark", "rows", "rowsPerTransaction", "warmUpRows", "runs")) {
            assertThat(json.has(field)).as(field).isTrue();
        }
        for (String field : List.of("java", "processors", "system")) {
            assertThat(json.at("/machine").has(field)).as(field).isTrue();
        }
        assertThat(report.text()).contains("e/a", "e/b1", "e/b2").doesNotContain("void");
        assertThat(directory.resolve("bench")).doesNotExist();
    }
}
