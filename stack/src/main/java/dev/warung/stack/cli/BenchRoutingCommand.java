package dev.warung.stack.cli;

import dev.warung.bench.Machine;
import dev.warung.bench.routing.RoutingBench;
import dev.warung.bench.routing.RoutingOptions;
import dev.warung.bench.routing.RoutingReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code warung bench routing}. */
@Command(
        name = "routing",
        mixinStandardHelpOptions = true,
        description = {
            "How many changes a second find the shape instances that they touch; one thread, no servers, a sink that counts.",
            "It runs in the process of this command."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:the sink was told too little or too much, or something failed", "2:wrong usage"
        })
final class BenchRoutingCommand implements Callable<Integer> {
    @Option(
            names = "--instances",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,100,10000,100000",
            description =
                    "numbers of shape instances on a parameter that is compared with = (default ${DEFAULT-VALUE})")
    private List<Integer> instances = List.of();

    @Option(
            names = "--clauses",
            paramLabel = "N",
            defaultValue = "1000",
            description = "number of LIKE clauses, which no look-up helps with (default ${DEFAULT-VALUE})")
    private int clauses;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationText.class,
            defaultValue = "1s",
            description =
                    "length of each run of each case, and of the same without decoding (default ${DEFAULT-VALUE})")
    private Duration length = Duration.ofSeconds(1);

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "measured runs, after one to warm up; the figures are their medians (default ${DEFAULT-VALUE})")
    private int runs;

    @Option(names = "--json", description = "only the JSON object, without the table")
    private boolean json;

    @Override
    public Integer call() {
        RoutingReport report = RoutingBench.run(
                new RoutingOptions(instances, clauses, length, runs),
                Machine.of(Path.of(System.getProperty("java.home"))),
                line -> System.err.println("bench: " + line));
        if (!json) {
            System.out.println(report.text());
        }
        System.out.println(report.json());
        return report.isComplete() ? 0 : 1;
    }
}
