package dev.warung.bench.writes;

import static dev.warung.bench.Figures.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.bench.Figures;
import dev.warung.bench.Machine;
import dev.warung.bench.Report;
import dev.warung.bench.measure.Meter;
import dev.warung.bench.measure.Statistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What {@code warung bench writes} found.
 *
 * @param peakRssBytes of each process, over its whole life
 * @param isComplete whether each row is in PostgreSQL and in the other outlet, and each op once in the ledger
 */
public record WritesReport(
        WritesBench.Load load,
        Machine machine,
        Runs runs,
        Recovery recovery,
        Map<String, Long> peakRssBytes,
        boolean isComplete)
        implements Report {

    private static final double MICROS_PER_MS = 1e3;
    private static final double P50 = 0.5;
    private static final double P99 = 0.99;

    /**
     * From the local commit of each row.
     *
     * @param postgresUs until PostgreSQL's commit
     * @param outletUs until the other outlet's file shows it
     * @param settledMs until the own outlet says that it is synced
     */
    @SuppressWarnings("ArrayRecordComponent") // figures only; nobody compares them
    record Latency(long[] postgresUs, long[] outletUs, long[] settledMs) {}

    /**
     * Many ops at once.
     *
     * @param localRate rows a second that the application wrote
     * @param postgresSeconds until all were in PostgreSQL
     * @param outletSeconds until all were in the other outlet's file
     * @param settledSeconds until the own outlet had all answers
     * @param reading CPU until all were in PostgreSQL
     */
    record Throughput(
            double localRate,
            double postgresSeconds,
            double outletSeconds,
            double settledSeconds,
            Meter.Reading reading) {}

    /** @param rates rows a second without and with triggers, by what was done */
    record LocalCost(Map<String, double[]> rates) {}

    /** A queue that was written while the process was away, from the start of the process. */
    record Recovery(long ops, double postgresSeconds, double settledSeconds) {}

    record Runs(List<Latency> latencies, List<Throughput> throughputs, List<LocalCost> costs) {
        Runs {
            latencies = List.copyOf(latencies);
            throughputs = List.copyOf(throughputs);
            costs = List.copyOf(costs);
        }
    }

    private double percentile(Function<Latency, long[]> values, double share, double unit) {
        return Statistics.median(runs.latencies(), run -> Statistics.percentile(values.apply(run), share) / unit);
    }

    private double perSecond(Function<Throughput, Double> seconds) {
        return Statistics.median(runs.throughputs(), run -> load.ops() / seconds.apply(run));
    }

    private Map<String, Double> cpuPerThousand() {
        return Statistics.medians(runs.throughputs(), run -> run.reading().cpuSeconds(), run -> 1000.0 / load.ops());
    }

    /** Rows a second with triggers by those without, in the same run. */
    private Map<String, Double> ratios() {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (String what : runs.costs().get(0).rates().keySet()) {
            ratios.put(what, cost(what, 1) / cost(what, 0));
        }
        return ratios;
    }

    private double cost(String what, int which) {
        return Statistics.median(runs.costs(), run -> run.rates().getOrDefault(what, new double[] {0, 0})[which]);
    }

    @Override
    public ObjectNode json() {
        ObjectNode node = Figures.json("writes", this);
        node.put("rate", load.rate());
        node.put("ops", load.ops());
        node.put("runs", runs.latencies().size());
        machine.write(node);
        Figures.write(node, "localToPostgresMs", spread(Latency::postgresUs, MICROS_PER_MS));
        Figures.write(node, "localToOtherOutletMs", spread(Latency::outletUs, MICROS_PER_MS));
        Figures.write(node, "localToSyncedMs", spread(Latency::settledMs, 1));
        node.put("opsPerSecondToPostgres", Math.round(perSecond(Throughput::postgresSeconds)));
        node.put("opsPerSecondToOtherOutlet", Math.round(perSecond(Throughput::outletSeconds)));
        node.put("opsPerSecondSynced", Math.round(perSecond(Throughput::settledSeconds)));
        Figures.write(node, "cpuSecondsPerThousandOps", cpuPerThousand());
        ObjectNode queue = node.putObject("recovery");
        queue.put("ops", recovery.ops());
        Figures.write(
                queue, "seconds", pair("postgres", recovery.postgresSeconds(), "synced", recovery.settledSeconds()));
        ObjectNode local = node.putObject("localRowsPerSecond");
        for (String what : ratios().keySet()) {
            Figures.write(local, what, pair("plain", cost(what, 0), "captured", cost(what, 1)));
        }
        return Figures.withPeakRss(node, peakRssBytes);
    }

    private Map<String, Double> spread(Function<Latency, long[]> values, double unit) {
        return pair("p50", percentile(values, P50, unit), "p99", percentile(values, P99, unit));
    }

    private static Map<String, Double> pair(String first, double one, String second, double two) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(first, one);
        values.put(second, two);
        return values;
    }

    @Override
    public String text() {
        StringBuilder out = new StringBuilder();
        out.append(format(
                "median of %d run(s)%n%s%n%n%-52s %9s %9s%n",
                runs.latencies().size(),
                machine.text(),
                "ms from the local commit, " + load.rate() + " rows a second",
                "p50",
                "p99"));
        out.append(line("until PostgreSQL's commit", Latency::postgresUs, MICROS_PER_MS));
        out.append(line("until the other outlet's file shows it", Latency::outletUs, MICROS_PER_MS));
        out.append(line("until the own outlet says synced", Latency::settledMs, 1));
        out.append(format(
                "%n%d ops at once, %d to a local transaction, ops a second%n", load.ops(), WritesBench.PER_SALE));
        out.append(format(
                "%-52s %9.0f%n", "written locally", Statistics.median(runs.throughputs(), Throughput::localRate)));
        out.append(format("%-52s %9.0f%n", "into PostgreSQL", perSecond(Throughput::postgresSeconds)));
        out.append(format("%-52s %9.0f%n", "into the other outlet's file", perSecond(Throughput::outletSeconds)));
        out.append(format("%-52s %9.0f%n", "synced", perSecond(Throughput::settledSeconds)));
        out.append(format("CPU seconds for 1000 ops:%s%n", Figures.text("%.2f", cpuPerThousand())));
        out.append(format(
                "%nA queue of %d ops, from the start of the outlet's process: %.1f s until PostgreSQL has all, %.1f s until all are synced%n",
                recovery.ops(), recovery.postgresSeconds(), recovery.settledSeconds()));
        out.append(format("%n%-52s %9s %9s %9s%n", "local rows a second", "plain", "captured", "ratio"));
        ratios().forEach((what, ratio) ->
                out.append(format("%-52s %9.0f %9.0f %9.2f%n", what, cost(what, 0), cost(what, 1), ratio)));
        out.append(format("%n%s%n", Figures.peakRssText(peakRssBytes)));
        if (!isComplete) {
            out.append("INCOMPLETE: rows or ops are missing, or there twice\n");
        }
        return out.toString();
    }

    private String line(String what, Function<Latency, long[]> values, double unit) {
        return format("%-52s %9.1f %9.1f%n", what, percentile(values, P50, unit), percentile(values, P99, unit));
    }
}
