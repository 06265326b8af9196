package dev.warung.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.bench.measure.Statistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What {@code warung bench snapshot} found.
 *
 * @param peakRssBytes of each process, the highest of all runs
 */
public record SnapshotReport(long rows, Machine machine, List<Run> runs, Map<String, Long> peakRssBytes)
        implements Report {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double CPU_ROWS = 100_000;
    private static final long MIB = 1 << 20;

    /** One run: rows that arrived, seconds until they had, and CPU. */
    record Run(
            long inKafka,
            long inBackup,
            double secondsToKafka,
            double secondsToBackup,
            Map<String, Double> cpuSeconds) {}

    private double median(ToDoubleFunction<Run> figure) {
        return Statistics.median(runs.stream().mapToDouble(figure).boxed().toList());
    }

    private double toKafka() {
        return median(run -> rows / run.secondsToKafka());
    }

    private double toBackup() {
        return median(run -> rows / run.secondsToBackup());
    }

    private double cpu(String role) {
        return median(run -> run.cpuSeconds().getOrDefault(role, 0.0) * CPU_ROWS / rows);
    }

    @Override
    public boolean isComplete() {
        return runs.stream().allMatch(run -> run.inKafka() == rows && run.inBackup() == rows);
    }

    @Override
    public ObjectNode json() {
        ObjectNode node = JSON.createObjectNode();
        node.put("benchmark", "snapshot");
        node.put("complete", isComplete());
        node.put("rows", rows);
        node.put("runs", runs.size());
        machine.write(node);
        node.put("rowsPerSecondToKafka", Math.round(toKafka()));
        node.put("rowsPerSecondToSqlite", Math.round(toBackup()));
        node.put("secondsToKafka", rounded(median(Run::secondsToKafka)));
        node.put("secondsToSqlite", rounded(median(Run::secondsToBackup)));
        ObjectNode cpu = node.putObject("cpuSecondsPer100kRows");
        runs.get(0).cpuSeconds().keySet().forEach(role -> cpu.put(role, rounded(cpu(role))));
        ObjectNode memory = node.putObject("peakRssBytes");
        peakRssBytes.forEach(memory::put);
        return node;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    @Override
    public String text() {
        StringBuilder out = new StringBuilder();
        out.append(format(
                "Initial copy of %d rows; median of %d run(s), each with new processes%n%s%n%n",
                rows, runs.size(), machine.text()));
        out.append(format("%-28s %9s %9s%n", "until all rows are in", "rows/s", "seconds"));
        out.append(format("%-28s %9.0f %9.1f%n", "Kafka", toKafka(), median(Run::secondsToKafka)));
        out.append(format("%-28s %9.0f %9.1f%n", "SQLite", toBackup(), median(Run::secondsToBackup)));
        out.append(format("%nCPU s per 100k rows (with the start of the JVMs):"));
        runs.get(0).cpuSeconds().keySet().forEach(role -> out.append(format("  %s %.2f", role, cpu(role))));
        out.append(format("%nPeak resident memory (VmHWM), MiB:"));
        peakRssBytes.forEach((role, bytes) -> out.append(format("  %s %d", role, bytes / MIB)));
        out.append(format("%n"));
        return out.toString();
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
