package dev.warung.stack.cli;

import dev.warung.bench.Report;
import dev.warung.bench.stage.BenchSetup;
import dev.warung.core.runtime.Ending;
import dev.warung.stack.pipeline.Roles;
import dev.warung.stack.pipeline.StackException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a benchmark runs, and how its report is printed. */
final class BenchPlace {
    private static final Duration END_LIMIT = Duration.ofMinutes(1);

    @Option(
            names = "--java-home",
            paramLabel = "DIR",
            description = "of the JDK that all measured processes run on; without it the one of this command")
    private @Nullable Path javaHome;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".warung/bench",
            description =
                    "for servers, logs and backup; removed in the end unless it failed (default ${DEFAULT-VALUE})")
    private Path directory = Path.of(".warung/bench");

    @Option(names = "--json", description = "only the JSON object, without the table")
    private boolean json;

    /** Runs a benchmark and prints its report; 0 if everything is as it must be. */
    int run(BiFunction<BenchSetup, Consumer<String>, Report> benchmark) {
        Path home = javaHome == null ? Path.of(System.getProperty("java.home")) : javaHome;
        if (!Files.isExecutable(home.resolve("bin").resolve("java"))) {
            throw new StackException("--java-home is " + home + ", but there is no bin/java in it.");
        }
        BenchSetup setup = new BenchSetup(
                directory, home, Roles.captureJvm(), Roles.replicatorJvm(), Roles.intakeJvm(), Roles.outletJvm());
        return Ending.run(END_LIMIT, ending -> {
            ending.onRequest(Thread.currentThread()::interrupt);
            Report report = benchmark.apply(setup, line -> System.err.println("bench: " + line));
            if (!json) {
                System.out.println(report.text());
            }
            System.out.println(report.json());
            return report.isComplete() ? 0 : 1;
        });
    }
}
