package dev.warung.stack.cli;

import dev.warung.bench.PipelineBench;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warung bench pipeline}. */
@Command(
        name = "pipeline",
        mixinStandardHelpOptions = true,
        description =
                "Catch-up in rows a second and CPU: the raw replication stream, Debezium alone, each stage, and end to end.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:rows were missing, or something failed", "2:wrong usage"})
final class BenchPipelineCommand implements Callable<Integer> {
    @Mixin
    private BenchFlags flags = new BenchFlags();

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "500000",
            description = "written for each measured run (default ${DEFAULT-VALUE})")
    private long rows;

    @Option(
            names = "--tx",
            paramLabel = "N",
            defaultValue = "100",
            description = "rows of one transaction (default ${DEFAULT-VALUE})")
    private int rowsPerTransaction;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "rows before the first measured run; without it as many as a run has")
    private @Nullable Long warmUp;

    @Override
    public Integer call() {
        PipelineBench.Load load = new PipelineBench.Load(rows, rowsPerTransaction, warmUp == null ? rows : warmUp);
        return flags.run(told -> PipelineBench.run(told.options(), load, told.progress()));
    }
}
