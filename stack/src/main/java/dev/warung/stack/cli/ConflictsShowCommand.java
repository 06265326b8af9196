package dev.warung.stack.cli;

import dev.warung.intake.api.ConflictJson;
import dev.warung.intake.rows.ConflictDesk;
import dev.warung.stack.pipeline.StackException;
import java.io.PrintWriter;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code warung conflicts show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description =
                "Shows a conflict column by column: as the outlet saw the row, as it wants it, and as it was on the server.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:shown", "1:there is no such conflict", "2:wrong usage"})
final class ConflictsShowCommand implements Callable<Integer> {
    @Mixin
    private FleetTarget target = new FleetTarget();

    @Parameters(paramLabel = "CONFLICT", description = "its id, as 'warung conflicts list' shows it")
    private UUID id = new UUID(0, 0);

    @Option(names = "--json", description = "as JSON")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        ConflictDesk.Entry entry = ConflictText.with(target, desk -> desk.find(id))
                .orElseThrow(() -> new StackException(
                        "There is no conflict " + id + "; 'warung conflicts list --all' shows all."));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(ConflictJson.of(entry).toPrettyString());
        } else {
            ConflictText.print(entry, out);
        }
        out.flush();
        return 0;
    }
}
