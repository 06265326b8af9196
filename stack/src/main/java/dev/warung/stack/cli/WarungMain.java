package dev.warung.stack.cli;

import dev.warung.bench.measure.BenchException;
import dev.warung.core.runtime.PipelineException;
import dev.warung.stack.pipeline.StackException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code warung}: every role and tool of the pipeline is a command of this one. */
@Command(
        name = "warung",
        description = "PostgreSQL to every outlet, and back, over one log.",
        mixinStandardHelpOptions = true,
        version = "warung 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            CaptureCommand.class,
            ReplicatorCommand.class,
            IntakeCommand.class,
            OutletCommand.class,
            StatusCommand.class,
            VerifyCommand.class,
            ShapesCommand.class,
            ConflictsCommand.class,
            WorkloadCommand.class
        },
        footer = {"", "warung COMMAND --help explains a command."})
public final class WarungMain implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new WarungMain())
                .addSubcommand(BenchCommand.line(InstantSource.system()))
                .addSubcommand(OutletsCommand.line(InstantSource.system()))
                .setExecutionExceptionHandler((e, line, parsed) -> report(e, line))
                .setUsageHelpAutoWidth(true);
    }

    /** What a person can act on is one message; anything else is a defect and comes with its trace. */
    private static int report(Exception e, CommandLine line) {
        if (e instanceof StackException
                || e instanceof PipelineException
                || e instanceof BenchException
                || e instanceof UncheckedIOException) {
            line.getErr().println(line.getColorScheme().errorText("warung: " + e.getMessage()));
        } else {
            line.getErr().println("warung: unexpected failure; please report it with these lines");
            e.printStackTrace(line.getErr());
        }
        line.getErr().flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
