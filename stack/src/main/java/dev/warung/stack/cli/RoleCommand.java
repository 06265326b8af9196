package dev.warung.stack.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** A command that runs a role in this process: its flags are the role's settings. */
abstract class RoleCommand implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            description = "shows this text and every setting")
    private boolean help;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    private final Role role;

    RoleCommand(Role role) {
        this.role = role;
    }

    @Override
    public final Integer call() {
        return role.run(help, arguments);
    }
}
