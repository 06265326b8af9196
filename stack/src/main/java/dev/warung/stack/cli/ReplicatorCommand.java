package dev.warung.stack.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** {@code warung replicator}. */
@Command(
        name = "replicator",
        description =
                "Applies what stands in Kafka to a SQLite file that at every moment equals PostgreSQL at some commit.")
final class ReplicatorCommand implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            description = "shows this text and every setting")
    private boolean help;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() {
        return Role.REPLICATOR.run(help, arguments);
    }
}
