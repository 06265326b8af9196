package dev.warung.stack.cli;

import dev.warung.bench.soak.Soak;
import dev.warung.bench.soak.SoakOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warung bench soak}. */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description = {
            "Random faults of every process and disk under load, and evidence that every invariant held:",
            "kills, stops, SIGSTOP, terminated walsenders, takeovers by a standby, slow, stalled and full disks.",
            "Disks need root and loop devices (full disks: tmpfs); what is not available is said and left out."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every invariant held", "1:one did not, or something failed", "2:wrong usage"})
final class BenchSoakCommand implements Callable<Integer> {
    private final InstantSource clock;

    @Mixin
    private BenchPlace place = new BenchPlace();

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "30",
            description = "no fault begins later (default ${DEFAULT-VALUE})")
    private int minutes = 30;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "of faults and load: the same seed gives the same schedule; without it the time, which is printed")
    private @Nullable Long seed;

    @Option(names = "--faults", paramLabel = "N", description = "ends after this many, if that comes first")
    private @Nullable Integer faults;

    /** @param clock for a seed when none is given */
    BenchSoakCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        long drawn = seed == null ? clock.millis() % 1_000_000 : seed;
        int most = faults == null ? Integer.MAX_VALUE : faults;
        return place.run((setup, progress) ->
                Soak.run(new SoakOptions(setup, drawn, Duration.ofMinutes(minutes), most), progress));
    }
}
