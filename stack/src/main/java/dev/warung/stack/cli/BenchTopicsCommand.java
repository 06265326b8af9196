package dev.warung.stack.cli;

import dev.warung.bench.fleet.TopicsBench;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warung bench topics}. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description =
                "How many changes a second the replicator applies and routes into real topics, one for each outlet.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:rows are missing in the topics, or something failed", "2:wrong usage"})
final class BenchTopicsCommand implements Callable<Integer> {
    @Mixin
    private BenchFlags flags = new BenchFlags();

    @Option(
            names = "--instances",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,100,1000,5000",
            description = "numbers of outlets, each with a topic of its own (default ${DEFAULT-VALUE})")
    private List<Integer> instances = List.of();

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "200000",
            description = "of each run (default ${DEFAULT-VALUE})")
    private int rows;

    @Option(
            names = "--tx",
            paramLabel = "N",
            defaultValue = "100",
            description = "rows of a transaction, each another outlet's (default ${DEFAULT-VALUE})")
    private int rowsPerTransaction;

    @Override
    public Integer call() {
        return flags.run(told -> TopicsBench.run(
                told.options(), new TopicsBench.Load(instances, rows, rowsPerTransaction), told.progress()));
    }
}
