package dev.warung.bench;

import dev.warung.bench.measure.Meter;
import dev.warung.bench.measure.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The runs of one stage.
 *
 * @param rows that were written for each run
 */
record StageRuns(Stage stage, long rows, List<Run> runs) {
    private static final double CPU_ROWS = 100_000;

    /** One run; {@code delivered} is what came out at the end of the stage. */
    record Run(long delivered, Meter.Reading reading) {}

    static StageRuns of(Stage stage, long rows) {
        return new StageRuns(stage, rows, new ArrayList<>());
    }

    void add(long delivered, Meter.Reading reading) {
        runs.add(new Run(delivered, reading));
    }

    /** The fewest rows that came out of a run. */
    long delivered() {
        return runs.stream().mapToLong(Run::delivered).min().orElse(0);
    }

    List<Double> rowsPerSecondOfRuns() {
        return runs.stream().map(run -> rows / run.reading().seconds()).toList();
    }

    double rowsPerSecond() {
        return Statistics.median(rowsPerSecondOfRuns());
    }

    /** For each process the median of its runs. */
    Map<String, Double> cpuPer100k() {
        return Statistics.medians(runs, run -> run.reading().cpuSeconds(), run -> CPU_ROWS / rows);
    }
}
