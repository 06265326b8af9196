package dev.warung.stack.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** {@code warung outlet}. */
@Command(
        name = "outlet",
        description = "Keeps one outlet's SQLite file: exactly the rows of its shapes, also while it is offline.")
final class OutletCommand implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            description = "shows this text and every setting")
    private boolean help;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() {
        return Role.OUTLET.run(help, arguments);
    }
}
