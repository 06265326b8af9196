package dev.warung.stack.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** {@code warung capture}. */
@Command(
        name = "capture",
        description = "Reads PostgreSQL's write-ahead log and writes it, in order and exactly once, to Kafka.")
final class CaptureCommand implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            description = "shows this text and every setting")
    private boolean help;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() {
        return Role.CAPTURE.run(help, arguments);
    }
}
