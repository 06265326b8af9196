package dev.warung.stack.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code warung shapes}. */
@Command(
        name = "shapes",
        mixinStandardHelpOptions = true,
        description =
                "Which rows outlets hold: checks a file of shapes, applies it, lists what is applied, explains a row.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ShapesApplyCommand.class,
            ShapesCheckCommand.class,
            ShapesListCommand.class,
            ShapesExplainCommand.class
        },
        footer = {"", "docs/shapes.md describes the file."})
final class ShapesCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
