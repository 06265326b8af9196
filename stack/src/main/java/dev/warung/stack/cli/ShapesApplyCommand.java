package dev.warung.stack.cli;

import dev.warung.stack.fleet.ShapesApplier;
import dev.warung.stack.fleet.ShapesFile;
import dev.warung.stack.fleet.ShapesPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code warung shapes apply}. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        description = "Checks a file of shapes and writes it as rows, in one transaction: all of it or nothing.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:applied", "1:problems; each is printed, and nothing was changed", "2:wrong usage"})
final class ShapesApplyCommand implements Callable<Integer> {
    @Mixin
    private FleetTarget target = new FleetTarget();

    @Parameters(
            paramLabel = "FILE",
            defaultValue = "shapes.yaml",
            description = "the shapes, as docs/shapes.md describes (default ${DEFAULT-VALUE})")
    private Path file = Path.of("shapes.yaml");

    @Option(names = "--prune", description = "remove shapes that are not in the file")
    private boolean isPruned;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            converter = DurationText.class,
            defaultValue = "0s",
            description = "how long tables of the file may be missing: for a start of everything at once, when capture"
                    + " has not taken them in yet (default ${DEFAULT-VALUE})")
    private Duration patience = Duration.ZERO;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        ShapesFile shapes = ShapesFile.read(file);
        ShapesPlan.Absent absent = isPruned ? ShapesPlan.Absent.GO : ShapesPlan.Absent.STAY;
        ShapesApplier applier = new ShapesApplier(shapes, absent);
        ShapesPlan plan = target.database().transaction(connection -> applier.apply(connection, patience));
        return ShapesPlanText.print(
                        plan, spec.commandLine().getOut(), spec.commandLine().getErr())
                ? 0
                : 1;
    }
}
