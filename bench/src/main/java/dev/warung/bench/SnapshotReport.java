package dev.warung.bench;

import static dev.warung.bench.Figures.format;
import static dev.warung.bench.Figures.rounded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.bench.measure.Statistics;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What {@code warung bench snapshot} found.
 *
 * @param peakRssBytes of each process, the highest of all runs
 */
public record SnapshotReport(long rows, Machine machine, List<Run> runs, Map<String, Long> peakRssBytes)
        implements Report {
    private static final double CPU_ROWS = 100_000;

    /** One run: rows that arrived, seconds until they had, and CPU. */
    record Run(
            long inKafka,
            long inBackup,
            double secondsToKafka,
            double secondsToBackup,
            Map<String, Double> cpuSeconds) {}

    private double median(ToDoubleFunction<Run> figure) {
        return Statistics.median(runs, figure);
    }

    private double toKafka() {
        return median(run -> rows / run.secondsToKafka());
    }

    private double toBackup() {
        return median(run -> rows / run.secondsToBackup());
    }

    private Map<String, Double> cpu() {
        return Statistics.medians(runs, run -> run.cpuSeconds(), run -> CPU_ROWS / rows);
    }

    @Override
    public boolean isComplete() {
        return runs.stream().allMatch(run -> run.inKafka() == rows && run.inBackup() == rows);
    }

    @Override
    public ObjectNode json() {
        ObjectNode node = Figures.json("snapshot", this);
        node.put("rows", rows);
        node.put("runs", runs.size());
        machine.write(node);
        node.put("rowsPerSecondToKafka", Math.round(toKafka()));
        node.put("rowsPerSecondToSqlite", Math.round(toBackup()));
        node.put("secondsToKafka", rounded(median(Run::secondsToKafka)));
        node.put("secondsToSqlite", rounded(median(Run::secondsToBackup)));
        Figures.write(node, "cpuSecondsPer100kRows", cpu());
        return Figures.withPeakRss(node, peakRssBytes);
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
        out.append(format("%nCPU s per 100k rows (with the start of the JVMs):%s", Figures.text("%.2f", cpu())));
        out.append(format("%n%s%n", Figures.peakRssText(peakRssBytes)));
        return out.toString();
    }
}
