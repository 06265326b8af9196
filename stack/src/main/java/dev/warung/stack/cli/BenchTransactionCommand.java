package dev.warung.stack.cli;

import dev.warung.bench.TransactionBench;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warung bench transaction}. */
@Command(
        name = "transaction",
        mixinStandardHelpOptions = true,
        description =
                "One large transaction between small ones: from its commit until SQLite shows all of it, in order.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:a part of it or a wrong order was seen, or something failed", "2:wrong usage"})
final class BenchTransactionCommand implements Callable<Integer> {
    private final InstantSource clock;

    @Mixin
    private BenchFlags flags = new BenchFlags();

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "200000",
            description = "of the large transaction (default ${DEFAULT-VALUE})")
    private int rows;

    /** @param clock the one that PostgreSQL on this machine has too */
    BenchTransactionCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        return flags.run(told -> TransactionBench.run(told.options(), rows, clock, told.progress()));
    }
}
