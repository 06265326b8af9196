package dev.warung.stack.cli;

import picocli.CommandLine.Command;

/** {@code warung workload}. */
@Command(name = "workload", description = "Lets the demo's shops sell on a PostgreSQL that is there already.")
final class WorkloadCommand extends RoleCommand {
    WorkloadCommand() {
        super(Role.WORKLOAD);
    }
}
