package dev.warung.bench.fleet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.bench.Machine;
import dev.warung.bench.Report;
import dev.warung.bench.measure.Meter;
import dev.warung.bench.measure.Statistics;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code warung bench outlets} found.
 *
 * @param setupSeconds from the outlets' rows until each had its private topic and knew its shape
 */
public record OutletsReport(OutletsBench.Load load, Machine machine, double setupSeconds, Phases phases, Costs costs)
        implements Report {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double MICROS_PER_MS = 1e3;
    private static final long MIB = 1 << 20;

    /** Before the herd, the herd, and after it. */
    record Phases(Arrivals measured, Arrivals after, Herd herd) {}

    /** The processes while nothing is written, and while one change a second is. */
    record Costs(Meter.Reading idle, Meter.Reading measured, Map<String, Long> peakRssBytes) {}

    /**
     * Changes that reached outlets.
     *
     * @param expected changes × outlets
     * @param latenciesUs from PostgreSQL's commit to the outlet
     * @param lost connections that were refused or lost
     */
    @SuppressWarnings("ArrayRecordComponent") // figures only; nobody compares them
    record Arrivals(long expected, long[] latenciesUs, long lost) {}

    /**
     * All outlets at the same moment.
     *
     * @param backUs from that moment until each had the newest change
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Herd(long[] backUs, long lost, Meter.Reading reading) {}

    @Override
    public boolean isComplete() {
        return phases.measured().latenciesUs().length == phases.measured().expected()
                && phases.after().latenciesUs().length == phases.after().expected()
                && phases.herd().backUs().length == load.outlets();
    }

    private static double ms(long[] values, double share) {
        return Math.round(Statistics.percentile(values, share) / MICROS_PER_MS * 100) / 100.0;
    }

    private static void write(ObjectNode node, long[] values) {
        node.put("p50", ms(values, 0.5)).put("p90", ms(values, 0.9));
        node.put("p99", ms(values, 0.99)).put("max", ms(values, 1));
    }

    private static void write(ObjectNode node, Meter.Reading reading) {
        reading.cpuSeconds().forEach((role, cpu) -> node.put(role, rounded(cpu / reading.seconds())));
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    @Override
    public ObjectNode json() {
        ObjectNode node = JSON.createObjectNode();
        node.put("benchmark", "outlets");
        node.put("complete", isComplete());
        node.put("outlets", load.outlets());
        node.put("seconds", load.length().toSeconds());
        node.put("setupSeconds", rounded(setupSeconds));
        machine.write(node);
        node.put("deliveries", phases.measured().latenciesUs().length);
        write(node.putObject("commitToOutletMs"), phases.measured().latenciesUs());
        node.put("connectionsLost", phases.measured().lost());
        write(node.putObject("cores"), costs.measured());
        write(node.putObject("idleCores"), costs.idle());
        ObjectNode herd = node.putObject("herd");
        write(herd.putObject("backMs"), phases.herd().backUs());
        herd.put("connectionsLost", phases.herd().lost());
        ObjectNode cpu = herd.putObject("cpuSeconds");
        phases.herd().reading().cpuSeconds().forEach((role, seconds) -> cpu.put(role, rounded(seconds)));
        write(herd.putObject("commitToOutletMsAfterwards"), phases.after().latenciesUs());
        ObjectNode memory = node.putObject("peakRssBytes");
        costs.peakRssBytes().forEach(memory::put);
        return node;
    }

    @Override
    public String text() {
        StringBuilder out = new StringBuilder();
        out.append(format(
                "%d light outlets on one shape, a change each second for %d s%n%s%n%n",
                load.outlets(), load.length().toSeconds(), machine.text()));
        out.append(format("%-44s %9s %9s %9s %9s%n", "ms", "p50", "p90", "p99", "max"));
        out.append(line(
                "from commit until an outlet has the change", phases.measured().latenciesUs()));
        out.append(
                line("all come back at once: until each is level", phases.herd().backUs()));
        out.append(line("from commit to an outlet, after that", phases.after().latenciesUs()));
        out.append(format(
                "%n%d deliveries; connections refused or lost: %d, and %d in the herd.%n",
                phases.measured().latenciesUs().length,
                phases.measured().lost(),
                phases.herd().lost()));
        out.append("Cores used:");
        costs.measured()
                .cpuSeconds()
                .forEach((role, seconds) -> out.append(
                        format("  %s %.2f", role, seconds / costs.measured().seconds())));
        out.append(format("%nCores used while nothing is written:"));
        costs.idle()
                .cpuSeconds()
                .forEach((role, seconds) -> out.append(
                        format("  %s %.2f", role, seconds / costs.idle().seconds())));
        out.append(format("%nCPU seconds of the herd:"));
        phases.herd().reading().cpuSeconds().forEach((role, cpu) -> out.append(format("  %s %.2f", role, cpu)));
        out.append(format("%nPeak resident memory (VmHWM), MiB:"));
        costs.peakRssBytes().forEach((role, bytes) -> out.append(format("  %s %d", role, bytes / MIB)));
        out.append(format("%nFrom the outlets' rows until all know their topics: %.1f s%n", setupSeconds));
        return out.toString();
    }

    private static String line(String what, long[] values) {
        return format(
                "%-44s %9.2f %9.2f %9.2f %9.2f%n",
                what, ms(values, 0.5), ms(values, 0.9), ms(values, 0.99), ms(values, 1));
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
