package dev.warung.stack.cli;

import java.time.InstantSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code warung bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures the pipeline on embedded servers, beside what PostgreSQL and Debezium can give.",
            "docs/bench.md says what each figure means. Needs Linux, and a machine that does nothing else."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            BenchPipelineCommand.class,
            BenchRoutingCommand.class,
            BenchSnapshotCommand.class,
            BenchTopicsCommand.class
        })
final class BenchCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** The command with all of its own commands. */
    static CommandLine line(InstantSource clock) {
        return new CommandLine(new BenchCommand())
                .addSubcommand(new BenchLatencyCommand(clock))
                .addSubcommand(new BenchOutletsCommand(clock))
                .addSubcommand(new BenchTransactionCommand(clock))
                .addSubcommand(new BenchWritesCommand(clock))
                .addSubcommand(new BenchSoakCommand(clock));
    }

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
