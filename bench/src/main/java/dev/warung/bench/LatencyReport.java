package dev.warung.bench;

import static dev.warung.bench.Figures.format;
import static dev.warung.bench.Figures.rounded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.bench.measure.Meter;
import dev.warung.bench.measure.Statistics;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What {@code warung bench latency} found.
 *
 * @param idle the same processes while nothing is written but capture's heartbeat
 * @param peakRssBytes of each process, over its whole life
 */
public record LatencyReport(
        LatencyBench.Load load, Machine machine, List<Run> runs, Meter.Reading idle, Map<String, Long> peakRssBytes)
        implements Report {
    private static final double MICROS_PER_MS = 1e3;
    private static final double NANOS_PER_MS = 1e6;
    private static final double P50 = 0.5;
    private static final double P90 = 0.9;
    private static final double P99 = 0.99;

    /**
     * One run.
     *
     * @param latenciesUs of each row from PostgreSQL's commit until SQLite showed it
     * @param outletLatenciesUs of each row in each outlet until the outlet's SQLite showed it
     * @param logLatenciesUs of each transaction until a reader of Kafka had its commit record
     * @param rawLatenciesUs of each transaction until the plain client had its end
     * @param latenessNanos of the load behind its own schedule
     */
    @SuppressWarnings("ArrayRecordComponent") // figures only; nobody compares runs
    record Run(
            long[] latenciesUs,
            long[] outletLatenciesUs,
            long[] logLatenciesUs,
            long[] rawLatenciesUs,
            long[] latenessNanos,
            Meter.Reading reading) {}

    /** Medians of the runs' percentiles, and the greatest value of all runs; milliseconds. */
    private record Spread(double p50, double p90, double p99, double max) {
        static Spread of(List<Run> runs, Function<Run, long[]> values, double unit) {
            return new Spread(
                    Statistics.median(runs, run -> Statistics.percentile(values.apply(run), P50) / unit),
                    Statistics.median(runs, run -> Statistics.percentile(values.apply(run), P90) / unit),
                    Statistics.median(runs, run -> Statistics.percentile(values.apply(run), P99) / unit),
                    runs.stream()
                            .mapToDouble(run -> Statistics.percentile(values.apply(run), 1) / unit)
                            .max()
                            .orElse(0));
        }

        void write(ObjectNode node) {
            node.put("p50", rounded(p50)).put("p90", rounded(p90));
            node.put("p99", rounded(p99)).put("max", rounded(max));
        }
    }

    private Spread pipeline() {
        return Spread.of(runs, Run::latenciesUs, MICROS_PER_MS);
    }

    private Spread outlets() {
        return Spread.of(runs, Run::outletLatenciesUs, MICROS_PER_MS);
    }

    private Spread log() {
        return Spread.of(runs, Run::logLatenciesUs, MICROS_PER_MS);
    }

    private Spread raw() {
        return Spread.of(runs, Run::rawLatenciesUs, MICROS_PER_MS);
    }

    private Spread lateness() {
        return Spread.of(runs, Run::latenessNanos, NANOS_PER_MS);
    }

    private double rate() {
        return Statistics.median(
                runs, run -> run.latenciesUs().length / run.reading().seconds());
    }

    /** CPU of a process while the load ran, as a share of one core. */
    private Map<String, Double> cores() {
        return Statistics.medians(
                runs,
                run -> run.reading().cpuSeconds(),
                run -> 1 / run.reading().seconds());
    }

    private Map<String, Double> idleCores() {
        return Statistics.medians(List.of(idle), Meter.Reading::cpuSeconds, reading -> 1 / reading.seconds());
    }

    @Override
    public boolean isComplete() {
        return runs.stream().allMatch(run -> run.latenciesUs().length == run.rawLatenciesUs().length);
    }

    @Override
    public ObjectNode json() {
        ObjectNode node = Figures.json("latency", this);
        node.put("rate", load.rate());
        node.put("seconds", load.length().toMillis() / 1000.0);
        node.put("warmUpSeconds", load.warmUp().toMillis() / 1000.0);
        node.put("runs", runs.size());
        node.put(
                "transactions",
                runs.stream().mapToLong(run -> run.latenciesUs().length).sum());
        node.put("rateReached", rounded(rate()));
        machine.write(node);
        pipeline().write(node.putObject("commitToSqliteMs"));
        if (load.outlets() > 0) {
            node.put("outlets", load.outlets());
            outlets().write(node.putObject("commitToOutletMs"));
        }
        log().write(node.putObject("commitToKafkaMs"));
        raw().write(node.putObject("commitToRawClientMs"));
        lateness().write(node.putObject("loadLateMs"));
        Figures.write(node, "cores", cores());
        Figures.write(node, "idleCores", idleCores());
        return Figures.withPeakRss(node, peakRssBytes);
    }

    @Override
    public String text() {
        StringBuilder out = new StringBuilder();
        out.append(format(
                "%d one-row transactions a second for %d s; median of %d run(s) after a warm-up of %d s%n%s%n%n",
                load.rate(),
                load.length().toSeconds(),
                runs.size(),
                load.warmUp().toSeconds(),
                machine.text()));
        out.append(format("%-44s %9s %9s %9s %9s%n", "ms from PostgreSQL's commit", "p50", "p90", "p99", "max"));
        out.append(line("until SQLite shows the row", pipeline()));
        if (load.outlets() > 0) {
            out.append(line("until each of " + load.outlets() + " outlets shows the row", outlets()));
        }
        out.append(line("until a reader of Kafka has it", log()));
        out.append(line("until a plain replication client has it", raw()));
        out.append(line("(the load behind its own schedule)", lateness()));
        out.append(format("%nRate reached: %.1f a second. Cores used:%s", rate(), Figures.text("%.2f", cores())));
        out.append(format("%nCores used while nothing is written:%s", Figures.text("%.3f", idleCores())));
        out.append(format("%n%s%n", Figures.peakRssText(peakRssBytes)));
        return out.toString();
    }

    private static String line(String what, Spread spread) {
        return format("%-44s %9.2f %9.2f %9.2f %9.2f%n", what, spread.p50(), spread.p90(), spread.p99(), spread.max());
    }
}
