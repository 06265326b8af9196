package dev.warung.stack.cli;

import dev.warung.stack.fleet.ShapesFile;
import dev.warung.stack.fleet.ShapesPlan;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code warung shapes check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Says all that is wrong with a file of shapes, and what apply would change. Writes nothing.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all is well", "1:problems; each is printed", "2:wrong usage"})
final class ShapesCheckCommand implements Callable<Integer> {
    @Mixin
    private FleetTarget target = new FleetTarget();

    @Parameters(
            paramLabel = "FILE",
            defaultValue = "shapes.yaml",
            description = "the shapes, as docs/shapes.md describes (default ${DEFAULT-VALUE})")
    private Path file = Path.of("shapes.yaml");

    @Option(names = "--prune", description = "remove shapes that are not in the file")
    private boolean isPruned;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        ShapesFile shapes = ShapesFile.read(file);
        ShapesPlan.Absent absent = isPruned ? ShapesPlan.Absent.GO : ShapesPlan.Absent.STAY;
        ShapesPlan plan = target.database().transaction(connection -> ShapesPlan.of(connection, shapes, absent));
        return ShapesPlanText.print(
                        plan, spec.commandLine().getOut(), spec.commandLine().getErr())
                ? 0
                : 1;
    }
}
