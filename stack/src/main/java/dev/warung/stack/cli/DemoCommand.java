package dev.warung.stack.cli;

import dev.warung.core.runtime.Ending;
import dev.warung.stack.demo.Demo;
import dev.warung.stack.demo.DemoOptions;
import dev.warung.stack.pipeline.StackOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code warung demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "A retail company's PostgreSQL flows through Kafka into a SQLite file, live, and is proven to be identical."
                    + " With --outlets also into the files of outlets, and what they sell flows back.",
            "Starts PostgreSQL 18 and Kafka as child processes, shops that sell, and the roles. Ends after --for, or with"
                    + " Ctrl-C, by draining and comparing. Run again on the same directory, it continues."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:both sides are identical", "1:they are not, or something failed", "2:wrong usage"})
final class DemoCommand implements Callable<Integer> {
    private static final Duration END_LIMIT = Duration.ofMinutes(10);

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "how long the shops work, such as 60s or 5m; without it until Ctrl-C")
    private @Nullable Duration length;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "200",
            description = "transactions a second (default ${DEFAULT-VALUE})")
    private int rate;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".warung/demo",
            description = "where everything is kept (default ${DEFAULT-VALUE})")
    private Path directory = Path.of(".warung/demo");

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "of the shops' choices (default 1)")
    private long seed;

    @Option(
            names = "--outlets",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "also runs this many outlets: each has a SQLite file of its rows and a till that sells in it; two go"
                            + " offline in turns (default ${DEFAULT-VALUE})")
    private int outlets;

    @Option(names = "--json", description = "one JSON object a line instead of text")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (rate < 1) {
            throw new ParameterException(spec.commandLine(), "--rate must be at least 1");
        }
        if (outlets < 0) {
            throw new ParameterException(spec.commandLine(), "--outlets must not be negative");
        }
        StackOptions stack = new StackOptions(directory, Optional.empty(), Optional.empty(), "warung");
        DemoOptions options = new DemoOptions(stack, Optional.ofNullable(length), rate, seed, outlets, json);
        return Ending.run(END_LIMIT, ending -> Demo.run(options, System.out, ending));
    }
}
