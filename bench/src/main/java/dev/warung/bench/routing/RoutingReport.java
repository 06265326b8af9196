package dev.warung.bench.routing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.bench.Machine;
import dev.warung.bench.Report;
import dev.warung.bench.measure.Statistics;
import java.util.List;
import java.util.Locale;

/** What {@code warung bench routing} found. */
public record RoutingReport(RoutingOptions options, Machine machine, List<Line> lines) implements Report {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double MICROS = 1e6;

    /**
     * One case.
     *
     * @param rates changes a second of each run, from the bytes of the log's records
     * @param ratesDecoded the same with rows that are decoded already: routing alone
     * @param bytes of memory for an instance; of few instances it says nothing
     * @param told calls of the sink for a change
     * @param isComplete whether these are as many as there must be
     */
    record Line(
            String name,
            int instances,
            List<Double> rates,
            List<Double> ratesDecoded,
            double bytes,
            double told,
            boolean isComplete) {

        double rate() {
            return Statistics.median(rates);
        }

        double micros() {
            return MICROS / Statistics.median(ratesDecoded);
        }

        double microsOfInstance() {
            return MICROS / rate() / instances;
        }
    }

    @Override
    public boolean isComplete() {
        return lines.stream().allMatch(Line::isComplete);
    }

    @Override
    public ObjectNode json() {
        ObjectNode node = JSON.createObjectNode();
        node.put("benchmark", "routing");
        node.put("complete", isComplete());
        node.put("runs", options.runs());
        node.put("seconds", options.length().toMillis() / 1000.0);
        machine.write(node);
        ArrayNode cases = node.putArray("cases");
        for (Line line : lines) {
            cases.addObject()
                    .put("clause", line.name())
                    .put("instances", line.instances())
                    .put("changesPerSecond", Math.round(line.rate()))
                    .put("routingMicros", rounded(line.micros()))
                    .put("microsPerInstanceAndChange", rounded(line.microsOfInstance()))
                    .put("bytesPerInstance", Math.round(line.bytes()))
                    .put("toldPerChange", rounded(line.told()))
                    .put("complete", line.isComplete());
        }
        return node;
    }

    private static double rounded(double value) {
        return Math.round(value * 10_000) / 10_000.0;
    }

    @Override
    public String text() {
        StringBuilder out = new StringBuilder();
        out.append(format(
                "Changes that find their shape instances, one thread; median of %d run(s) of %.1f s%n%s%n%n",
                options.runs(), options.length().toMillis() / 1000.0, machine.text()));
        out.append(format(
                "%-50s %9s %12s %12s %16s %9s %8s%n",
                "clause", "instances", "changes/s", "routing µs", "µs per instance", "bytes of", "told per"));
        out.append(format(
                "%-50s %9s %12s %12s %16s %9s %8s%n",
                "", "", "from bytes", "a change", "and change", "instance", "change"));
        for (Line line : lines) {
            out.append(format(
                    "%-50s %9d %12.0f %12.3f %16.5f %9.0f %8.2f%s%n",
                    line.name(),
                    line.instances(),
                    line.rate(),
                    line.micros(),
                    line.microsOfInstance(),
                    line.bytes(),
                    line.told(),
                    line.isComplete() ? "" : "  WRONG"));
        }
        return out.toString();
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
