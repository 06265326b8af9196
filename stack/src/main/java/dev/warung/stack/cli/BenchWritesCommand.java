package dev.warung.stack.cli;

import dev.warung.bench.writes.WritesBench;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warung bench writes}. */
@Command(
        name = "writes",
        mixinStandardHelpOptions = true,
        description = {
            "The way back: from a write in one outlet's file to PostgreSQL and to another outlet's file,",
            "ops a second, what local writes cost, and how long a queue takes."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:writes were missing, or something failed", "2:wrong usage"})
final class BenchWritesCommand implements Callable<Integer> {
    private final InstantSource clock;

    @Mixin
    private BenchFlags flags = new BenchFlags();

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "20",
            description =
                    "transactions a second, each of one row, while latency is measured (default ${DEFAULT-VALUE})")
    private int rate;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationText.class,
            defaultValue = "20s",
            description = "how long latency is measured in each run (default ${DEFAULT-VALUE})")
    private Duration length = Duration.ofSeconds(20);

    @Option(
            names = "--ops",
            paramLabel = "N",
            defaultValue = "10000",
            description = "written at once in each run, and length of the queue (default ${DEFAULT-VALUE})")
    private int ops;

    /** @param clock the one that PostgreSQL on this machine has too */
    BenchWritesCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        WritesBench.Load load = new WritesBench.Load(rate, length, ops);
        return flags.run(told -> WritesBench.run(told.options(), load, clock, told.progress()));
    }
}
