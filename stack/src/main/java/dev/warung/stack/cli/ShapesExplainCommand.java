package dev.warung.stack.cli;

import dev.warung.core.shape.BoundShape;
import dev.warung.core.shape.Outlet;
import dev.warung.stack.fleet.Explanation;
import dev.warung.stack.fleet.Explanation.Verdict;
import dev.warung.stack.fleet.Fleet;
import dev.warung.stack.fleet.SourceRow;
import dev.warung.stack.fleet.SourceSets;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code warung shapes explain}. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description =
                "Says which shapes and outlets hold a row of PostgreSQL, and which condition excludes it from the others.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:explained", "1:there is no such row", "2:wrong usage"})
final class ShapesExplainCommand implements Callable<Integer> {
    @Mixin
    private FleetTarget target = new FleetTarget();

    @Parameters(
            arity = "1..*",
            paramLabel = "ROW",
            description = "table and key: orders 42, stok 1,7 or orders '{\"id\":42}'")
    private List<String> row = new ArrayList<>();

    @Option(names = "--outlet", paramLabel = "CODE", description = "why this outlet has the row, or has it not")
    private @Nullable String code;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<String> lines = target.database().transaction(this::lines);
        PrintWriter out = spec.commandLine().getOut();
        lines.forEach(out::println);
        out.flush();
        return 0;
    }

    private List<String> lines(Connection connection) throws SQLException {
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        Fleet fleet = Fleet.read(connection);
        SourceRow found = SourceRow.read(connection, fleet.tables(), String.join(" ", row));
        Explanation explanation = new Explanation(found, fleet.outlets(), fleet.tables(), new SourceSets(connection));
        Optional<Outlet> outlet = Optional.ofNullable(code).map(fleet::outlet);
        List<Verdict> verdicts = new ArrayList<>();
        for (BoundShape shape : fleet.bound()) {
            if (outlet.isPresent()) {
                explanation.of(shape, outlet.get()).ifPresent(verdicts::add);
            } else {
                verdicts.addAll(explanation.of(shape));
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(found.toString());
        if (verdicts.isEmpty()) {
            lines.add("  no shape has its table");
        }
        verdicts.forEach(verdict -> add(lines, verdict));
        fleet.problems().forEach(problem -> lines.add("  broken: " + problem));
        return lines;
    }

    private static void add(List<String> lines, Verdict verdict) {
        String name = verdict.instance().map(Object::toString).orElse(verdict.shape());
        lines.add("  " + name + (verdict.isHeld() ? " holds it: " + outlets(verdict) : " does not hold it"));
        verdict.reasons().forEach(reason -> lines.add("      " + reason));
    }

    private static String outlets(Verdict verdict) {
        if (verdict.outlets().isEmpty()) {
            return "no outlet has this instance";
        }
        List<String> names = verdict.outlets().stream()
                .map(outlet -> outlet.code() + (outlet.enabled() ? "" : " (disabled)"))
                .toList();
        return (names.size() == 1 ? "outlet " : "outlets ") + String.join(", ", names);
    }
}
