package dev.warung.bench;

import static dev.warung.bench.Figures.format;
import static dev.warung.bench.Figures.rounded;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.bench.measure.Statistics;
import java.util.List;
import java.util.Map;

/**
 * What {@code warung bench transaction} found.
 *
 * @param peakRssBytes of each process, over its whole life
 */
public record TransactionReport(int rows, Machine machine, List<Run> runs, Map<String, Long> peakRssBytes)
        implements Report {

    /**
     * One transaction.
     *
     * @param seconds from PostgreSQL's commit until a reader of SQLite saw it
     * @param looks how often the reader looked
     * @param problems each look that saw a part, or the wrong order
     */
    record Run(double seconds, long looks, List<String> problems) {}

    private double seconds() {
        return Statistics.median(runs, Run::seconds);
    }

    @Override
    public boolean isComplete() {
        return runs.stream().allMatch(run -> run.problems().isEmpty());
    }

    @Override
    public ObjectNode json() {
        ObjectNode node = Figures.json("transaction", this);
        node.put("rows", rows);
        machine.write(node);
        node.put("commitToSqliteSeconds", rounded(seconds()));
        ArrayNode all = node.putArray("commitToSqliteSecondsOfRuns");
        runs.forEach(run -> all.add(rounded(run.seconds())));
        node.put("looks", runs.stream().mapToLong(Run::looks).sum());
        ArrayNode problems = node.putArray("problems");
        runs.forEach(run -> run.problems().forEach(problems::add));
        return Figures.withPeakRss(node, peakRssBytes);
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
        out.append(format("%s%n", Figures.peakRssText(peakRssBytes)));
        return out.toString();
    }
}
