package dev.warung.stack.cli;

import dev.warung.bench.fleet.OutletsBench;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warung bench outlets}. */
@Command(
        name = "outlets",
        mixinStandardHelpOptions = true,
        description = {
            "A change each second to thousands of light outlets that share a shape; then all reconnect at once.",
            "A light outlet has its private topic, its connections and its position, but no process and no file."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:changes were missing, or something failed", "2:wrong usage"})
final class BenchOutletsCommand implements Callable<Integer> {
    private final InstantSource clock;

    @Mixin
    private BenchPlace place = new BenchPlace();

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "2000",
            description = "light outlets (default ${DEFAULT-VALUE})")
    private int count = 2000;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "length of the measured part (default ${DEFAULT-VALUE})")
    private int seconds = 60;

    /** @param clock the one that PostgreSQL on this machine has too */
    BenchOutletsCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        OutletsBench.Load load = new OutletsBench.Load(count, Duration.ofSeconds(seconds));
        return place.run((setup, progress) -> OutletsBench.run(setup, load, clock, progress));
    }
}
