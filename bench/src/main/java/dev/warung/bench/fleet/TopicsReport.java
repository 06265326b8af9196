package dev.warung.bench.fleet;

import static dev.warung.bench.Figures.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.bench.Figures;
import dev.warung.bench.Machine;
import dev.warung.bench.Report;
import dev.warung.bench.measure.Meter;
import dev.warung.bench.measure.Statistics;
import java.util.List;

/** What {@code warung bench topics} found. */
public record TopicsReport(int runs, TopicsBench.Load load, Machine machine, List<Line> lines) implements Report {
    private static final long MIB = 1 << 20;

    /**
     * One number of outlets.
     *
     * @param setupSeconds until all of them knew their topics
     * @param replicatorBytes peak resident memory so far
     * @param kafkaBytes peak resident memory so far
     * @param isComplete whether every row came into a topic
     */
    record Line(
            int instances,
            double setupSeconds,
            List<Meter.Reading> readings,
            long replicatorBytes,
            long kafkaBytes,
            boolean isComplete) {

        double rate(int rows) {
            return Statistics.median(readings, reading -> rows / reading.seconds());
        }
    }

    @Override
    public boolean isComplete() {
        return lines.stream().allMatch(Line::isComplete);
    }

    @Override
    public ObjectNode json() {
        ObjectNode node = Figures.json("topics", this);
        node.put("runs", runs);
        node.put("rows", load.rows());
        node.put("rowsPerTransaction", load.rowsPerTransaction());
        machine.write(node);
        ArrayNode cases = node.putArray("cases");
        for (Line line : lines) {
            cases.addObject()
                    .put("topics", line.instances())
                    .put("changesPerSecond", Math.round(line.rate(load.rows())))
                    .put("setupSeconds", Math.round(line.setupSeconds()))
                    .put("replicatorPeakRssBytes", line.replicatorBytes())
                    .put("kafkaPeakRssBytes", line.kafkaBytes())
                    .put("complete", line.isComplete());
        }
        return node;
    }

    @Override
    public String text() {
        StringBuilder out = new StringBuilder();
        out.append(format(
                "Changes that the replicator applies and routes into real topics; median of %d run(s) of %d rows, %d a transaction%n%s%n%n",
                runs, load.rows(), load.rowsPerTransaction(), machine.text()));
        out.append(format(
                "%9s %11s %11s %16s %16s %12s%n",
                "topics", "changes/s", "set up in s", "CPU s replicator", "CPU s of Kafka", "RSS MiB"));
        for (Line line : lines) {
            out.append(format(
                    "%9d %11.0f %11.0f %16.1f %16.1f %5d + %-5d%s%n",
                    line.instances(),
                    line.rate(load.rows()),
                    line.setupSeconds(),
                    cpu(line, "replicator"),
                    cpu(line, "kafka"),
                    line.replicatorBytes() / MIB,
                    line.kafkaBytes() / MIB,
                    line.isComplete() ? "" : "  ROWS ARE MISSING"));
        }
        return out.toString();
    }

    private static double cpu(Line line, String process) {
        return Statistics.median(
                line.readings(), reading -> reading.cpuSeconds().getOrDefault(process, 0.0));
    }
}
