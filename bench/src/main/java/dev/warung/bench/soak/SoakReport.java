package dev.warung.bench.soak;

import static dev.warung.bench.Figures.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.bench.Figures;
import dev.warung.bench.Machine;
import dev.warung.bench.Report;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code warung bench soak} found.
 *
 * @param faults made, by kind; a kind that was not possible has 0
 * @param notAvailable kinds that this machine does not allow
 * @param load what was written meanwhile
 * @param failure what broke, with the ends of the logs; empty if nothing did
 */
public record SoakReport(
        Run run,
        Machine machine,
        Map<FaultKind, Integer> faults,
        List<FaultKind> notAvailable,
        Load load,
        List<Evidence> evidence,
        Optional<String> failure)
        implements Report {
    /** @param groups of faults, each followed by a drain */
    record Run(long seed, long minutes, int faultsMax, int faults, int groups, double seconds) {
        String replay() {
            return "./warung bench soak --minutes " + minutes + " --seed " + seed
                    + (faultsMax == Integer.MAX_VALUE ? "" : " --faults " + faultsMax);
        }
    }

    /**
     * What was written meanwhile.
     *
     * @param transactions confirmed by the bank
     * @param sideLoad committed actions beside them, by kind
     */
    record Load(long transactions, Map<String, Integer> sideLoad) {}

    /** That an invariant held, or not. */
    public record Evidence(Invariant invariant, boolean holds, String text) {}

    @Override
    public boolean isComplete() {
        return failure.isEmpty() && evidence.stream().allMatch(Evidence::holds);
    }

    @Override
    public ObjectNode json() {
        ObjectNode node = Figures.json("soak", this);
        node.put("seed", run.seed());
        node.put("replay", run.replay());
        node.put("seconds", Math.round(run.seconds()));
        node.put("faults", run.faults());
        node.put("groups", run.groups());
        machine.write(node);
        ObjectNode kinds = node.putObject("faultsByKind");
        faults.forEach((kind, count) -> kinds.put(kind.key(), count));
        var missing = node.putArray("notAvailable");
        notAvailable.forEach(kind -> missing.add(kind.key()));
        node.put("transactions", load.transactions());
        ObjectNode side = node.putObject("sideLoad");
        load.sideLoad().forEach(side::put);
        ObjectNode lines = node.putObject("evidence");
        evidence.forEach(line -> lines.putObject(line.invariant().name())
                .put("holds", line.holds())
                .put("text", line.text()));
        failure.ifPresent(text -> node.put("failure", text));
        return node;
    }

    @Override
    public String text() {
        StringBuilder out = new StringBuilder();
        out.append(format(
                "Soak with seed %d: %d faults in %d groups, %.0f s%n%s%n%n",
                run.seed(), run.faults(), run.groups(), run.seconds(), machine.text()));
        for (Evidence line : evidence) {
            out.append(format(
                    "%-4s %-6s %-18s  %s%n",
                    line.invariant(),
                    line.holds() ? "holds" : "BROKEN",
                    line.invariant().says(),
                    line.text()));
        }
        out.append(format("%nload: %d transactions of the bank; %s%n", load.transactions(), counts(load.sideLoad())));
        out.append("faults:\n");
        faults.forEach((kind, count) -> out.append(format(
                "%6d  %s%s%n",
                count, kind.says(), notAvailable.contains(kind) ? " (not available on this machine)" : "")));
        out.append(format("%nreplay: %s%n", run.replay()));
        failure.ifPresent(text -> out.append(format("%nBROKEN: %s%n", text)));
        return out.toString();
    }

    private static String counts(Map<String, Integer> counts) {
        StringBuilder out = new StringBuilder();
        counts.forEach((what, count) ->
                out.append(out.isEmpty() ? "" : ", ").append(what).append(' ').append(count));
        return out.toString();
    }
}
