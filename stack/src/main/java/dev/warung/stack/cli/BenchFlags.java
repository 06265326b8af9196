package dev.warung.stack.cli;

import dev.warung.bench.BenchOptions;
import dev.warung.bench.Report;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of all benchmarks that measure. */
final class BenchFlags {
    @Mixin
    private BenchPlace place = new BenchPlace();

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "3",
            description = "measured runs; the figures are their medians (default ${DEFAULT-VALUE})")
    private int runs;

    /** Runs a benchmark and prints its figures; 0 if nothing was missing. */
    int run(Function<Benchmark, Report> benchmark) {
        return place.run((setup, progress) -> benchmark.apply(new Benchmark(new BenchOptions(setup, runs), progress)));
    }

    /** What a benchmark is given. */
    record Benchmark(BenchOptions options, Consumer<String> progress) {}
}
