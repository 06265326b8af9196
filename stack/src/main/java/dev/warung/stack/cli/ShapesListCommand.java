package dev.warung.stack.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.core.shape.BoundShape;
import dev.warung.core.shape.ShapeProblem;
import dev.warung.stack.fleet.Fleet;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code warung shapes list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the shapes that are applied, with their tables, instances and outlets.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all are well", "1:a shape is not; its problems are printed", "2:wrong usage"})
final class ShapesListCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private FleetTarget target = new FleetTarget();

    @Option(names = "--json", description = "as one JSON array")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        Fleet fleet = target.database().transaction(Fleet::read);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(tree(fleet).toPrettyString());
        } else {
            print(fleet, out);
        }
        out.flush();
        return fleet.problems().isEmpty() ? 0 : 1;
    }

    private static void print(Fleet fleet, PrintWriter out) {
        String line = "%-20s %-24s %9s %9s  %-20s %s%n";
        out.printf(Locale.ROOT, line, "SHAPE", "PARAMETERS", "INSTANCES", "OUTLETS", "APPLIED (UTC)", "TABLES");
        for (Fleet.Entry entry : fleet.shapes()) {
            out.printf(
                    Locale.ROOT,
                    line,
                    entry.name(),
                    entry.bound()
                            .map(s -> String.join(", ", s.shape().parameters()))
                            .filter(text -> !text.isEmpty())
                            .orElse("-"),
                    entry.bound().map(s -> fleet.instances(s).size()).orElse(0),
                    entry.bound().map(s -> fleet.holders(s)).orElse(0L),
                    entry.appliedAt(),
                    entry.bound().map(ShapesListCommand::tables).orElse("BROKEN"));
        }
        fleet.problems().forEach(problem -> out.println(problem));
    }

    private static String tables(BoundShape shape) {
        List<String> names =
                shape.tables().stream().map(t -> t.table().id().replicaName()).toList();
        return String.join(", ", names);
    }

    private static ArrayNode tree(Fleet fleet) {
        ArrayNode all = JSON.createArrayNode();
        for (Fleet.Entry entry : fleet.shapes()) {
            ObjectNode one = all.addObject();
            one.put("shape", entry.name());
            one.put("applied_at", entry.appliedAt());
            one.put(
                    "instances",
                    entry.bound().map(s -> fleet.instances(s).size()).orElse(0));
            one.put("outlets", entry.bound().map(fleet::holders).orElse(0L));
            ArrayNode parameters = one.putArray("parameters");
            ArrayNode tables = one.putArray("tables");
            entry.bound().ifPresent(shape -> {
                shape.shape().parameters().forEach(parameters::add);
                shape.tables().forEach(table -> tables.add(table.table().id().toString()));
            });
            ArrayNode problems = one.putArray("problems");
            fleet.problems().stream()
                    .filter(problem -> problem.shape().equals(entry.name()))
                    .map(ShapeProblem::toString)
                    .forEach(problems::add);
        }
        return all;
    }
}
