package dev.warung.stack.cli;

import dev.warung.bench.SnapshotBench;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warung bench snapshot}. */
@Command(
        name = "snapshot",
        mixinStandardHelpOptions = true,
        description = "The initial copy, PostgreSQL to Kafka to SQLite, in rows a second and CPU.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:rows were missing, or something failed", "2:wrong usage"})
final class BenchSnapshotCommand implements Callable<Integer> {
    @Mixin
    private BenchFlags flags = new BenchFlags();

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "2000000",
            description = "of the table that is copied (default ${DEFAULT-VALUE})")
    private long rows;

    @Override
    public Integer call() {
        return flags.run(told -> SnapshotBench.run(told.options(), rows, told.progress()));
    }
}
