package dev.warung.stack.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code warung conflicts}. */
@Command(
        name = "conflicts",
        mixinStandardHelpOptions = true,
        description =
                "Writes of outlets that met a row that was changed elsewhere: lists them, and decides those that are open.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ConflictsListCommand.class, ConflictsShowCommand.class, ConflictsResolveCommand.class},
        footer = {"", "docs/writes.md says when there is a conflict, and who decides it."})
final class ConflictsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
