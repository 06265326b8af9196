package dev.warung.bench;

import static dev.warung.bench.Figures.format;
import static dev.warung.bench.Figures.rounded;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * What {@code warung bench pipeline} found.
 *
 * @param peakRssBytes of each process, over its whole life
 */
public record PipelineReport(
        Load load, Machine machine, List<StageRuns> stages, Map<String, Long> peakRssBytes, boolean complete)
        implements Report {

    /** What was written. */
    record Load(long rows, int rowsPerTransaction, long warmUpRows, int runs) {}

    private StageRuns of(Stage stage) {
        return stages.stream().filter(s -> s.stage() == stage).findFirst().orElseThrow();
    }

    private double endToEndOf(Stage stage) {
        return of(Stage.END_TO_END).rowsPerSecond() / of(stage).rowsPerSecond();
    }

    @Override
    public boolean isComplete() {
        return complete;
    }

    @Override
    public ObjectNode json() {
        ObjectNode node = Figures.json("pipeline", this);
        node.put("rows", load.rows());
        node.put("rowsPerTransaction", load.rowsPerTransaction());
        node.put("warmUpRows", load.warmUpRows());
        node.put("runs", load.runs());
        machine.write(node);
        ObjectNode all = node.putObject("stages");
        stages.forEach(stage -> write(stage, all.putObject(stage.stage().key())));
        node.putObject("ratios")
                .put("endToEndToRaw", rounded(endToEndOf(Stage.RAW)))
                .put("endToEndToDebeziumDefault", rounded(endToEndOf(Stage.DEBEZIUM_DEFAULT)))
                .put("endToEndToDebeziumCapture", rounded(endToEndOf(Stage.DEBEZIUM_CAPTURE)));
        return Figures.withPeakRss(node, peakRssBytes);
    }

    private static void write(StageRuns stage, ObjectNode node) {
        node.put("rowsDelivered", stage.delivered());
        node.put("rowsPerSecond", Math.round(stage.rowsPerSecond()));
        ArrayNode runs = node.putArray("rowsPerSecondOfRuns");
        stage.rowsPerSecondOfRuns().forEach(rate -> runs.add(Math.round(rate)));
        Figures.write(node, "cpuSecondsPer100kRows", stage.cpuPer100k());
    }

    @Override
    public String text() {
        StringBuilder out = new StringBuilder();
        out.append(format(
                "%d rows in transactions of %d; median of %d run(s) after a warm-up with %d rows%n%s%n%n",
                load.rows(), load.rowsPerTransaction(), load.runs(), load.warmUpRows(), machine.text()));
        out.append(format("    %-42s %9s  %-17s  %s%n", "stage", "rows/s", "(slowest-fastest)", "CPU s per 100k rows"));
        stages.forEach(stage -> out.append(line(stage)));
        out.append(format(
                "%ne/a %.2f   e/b1 %.2f   e/b2 %.2f%n",
                endToEndOf(Stage.RAW), endToEndOf(Stage.DEBEZIUM_DEFAULT), endToEndOf(Stage.DEBEZIUM_CAPTURE)));
        out.append(Figures.peakRssText(peakRssBytes));
        out.append(format("%nStart-up of JVMs is in none of these figures; docs/bench.md says what each means.%n"));
        if (!complete) {
            out.append(format("Rows are missing: the figures are void.%n"));
        }
        return out.toString();
    }

    private static String line(StageRuns stage) {
        List<Double> rates = stage.rowsPerSecondOfRuns().stream().sorted().toList();
        StringBuilder cpu = new StringBuilder();
        Map<String, Double> seconds = stage.cpuPer100k();
        seconds.forEach((role, each) -> cpu.append(format("%s %.2f + ", role, each)));
        double sum = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
        return format(
                "%-3s %-42s %9.0f  %-17s  %s= %.2f%n",
                stage.stage().letter(),
                stage.stage().says(),
                stage.rowsPerSecond(),
                format("%.0f-%.0f", rates.get(0), rates.get(rates.size() - 1)),
                cpu.substring(0, Math.max(0, cpu.length() - 2)),
                sum);
    }
}
