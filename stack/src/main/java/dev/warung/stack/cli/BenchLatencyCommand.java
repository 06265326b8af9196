package dev.warung.stack.cli;

import dev.warung.bench.LatencyBench;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warung bench latency}. */
@Command(
        name = "latency",
        mixinStandardHelpOptions = true,
        description =
                "From PostgreSQL's commit until SQLite shows the row, in the backup and in outlets, beside a plain replication client.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:rows were missing, or something failed", "2:wrong usage"})
final class BenchLatencyCommand implements Callable<Integer> {
    private final InstantSource clock;

    @Mixin
    private BenchFlags flags = new BenchFlags();

    @Option(names = "--rate", paramLabel = "N", required = true, description = "transactions a second, each of one row")
    private int rate;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationText.class,
            defaultValue = "30s",
            description = "length of each run (default ${DEFAULT-VALUE})")
    private Duration length = Duration.ofSeconds(30);

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            converter = DurationText.class,
            defaultValue = "2m",
            description =
                    "of load before the first run, 1000 transactions a second at least (default ${DEFAULT-VALUE})")
    private Duration warmUp = Duration.ofMinutes(2);

    @Option(
            names = "--outlets",
            paramLabel = "N",
            defaultValue = "0",
            description = "outlets that hold every row too, each a process (default ${DEFAULT-VALUE})")
    private int outlets;

    /** @param clock the one that PostgreSQL on this machine has too */
    BenchLatencyCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        LatencyBench.Load load = new LatencyBench.Load(rate, length, warmUp, outlets);
        return flags.run(told -> LatencyBench.run(told.options(), load, clock, told.progress()));
    }
}
