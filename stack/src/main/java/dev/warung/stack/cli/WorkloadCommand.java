package dev.warung.stack.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** {@code warung workload}. */
@Command(name = "workload", description = "Lets the demo's shops sell on a PostgreSQL that is there already.")
final class WorkloadCommand implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            description = "shows this text and every setting")
    private boolean help;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() {
        return Role.WORKLOAD.run(help, arguments);
    }
}
