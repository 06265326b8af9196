package dev.warung.stack.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** {@code warung intake}. */
@Command(
        name = "intake",
        description = "Applies what outlets write to PostgreSQL, each change once; several may share the work.")
final class IntakeCommand implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            description = "shows this text and every setting")
    private boolean help;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() {
        return Role.INTAKE.run(help, arguments);
    }
}
