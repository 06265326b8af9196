package dev.warung.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.bench.measure.Statistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code warung bench transaction} found.
 *
 * @param peakRssBytes of each process, over its whole life
 */
public record TransactionReport(int rows, Machine machine, List<Run> runs, Map<String, Long> peakRssBytes)
        implements Report {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MIB = 1 << 20;

    /**
     * One transaction.
     *
     * @param seconds from PostgreSQL's commit until a reader of SQLite saw it
     * @param looks how often the reader looked
     * @param problems each look that saw a part, or the wrong order
     */
    record Run(double seconds, long looks, List<String> problems) {}

    private double seconds() {
        return Statistics.median(runs.stream().map(Run::seconds).toList());
    }

    @Override
    public boolean isComplete() {
        return runs.stream().allMatch(run -> run.problems().isEmpty());
    }

    @Override
    public ObjectNode json() {
        ObjectNode node = JSON.createObjectNode();
        node.put("benchmark", "transaction");
        node.put("complete", isComplete());
        node.put("rows", rows);
        machine.write(node);
        node.put("commitToSqliteSeconds", rounded(seconds()));
        ArrayNode all = node.putArray("commitToSqliteSecondsOfRuns");
        runs.forEach(run -> all.add(rounded(run.seconds())));
        node.put("looks", runs.stream().mapToLong(Run::looks).sum());
        ArrayNode problems = node.putArray("problems");
        runs.forEach(run -> run.problems().forEach(problems::add));
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
                "One transaction of %d rows between small ones; median of %d run(s)%n%s%n%n",
                rows, runs.size(), machine.text()));
        out.append(format("s from PostgreSQL's commit until SQLite shows all of it: %.2f  (", seconds()));
        runs.forEach(run -> out.append(format(" %.2f", run.seconds())));
        out.append(format(
                " )%n%d looks of a reader: %s%n",
                runs.stream().mapToLong(Run::looks).sum(),
                isComplete() ? "never a part of it, never another order than that of the commits" : "WRONG"));
        runs.forEach(run -> run.problems().forEach(problem -> out.append(format("  %s%n", problem))));
        out.append("Peak resident memory (VmHWM), MiB:");
        peakRssBytes.forEach((role, bytes) -> out.append(format("  %s %d", role, bytes / MIB)));
        out.append(format("%n"));
        return out.toString();
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
