package dev.warung.stack.cli;

import picocli.CommandLine.Command;

/** {@code warung replicator}. */
@Command(
        name = "replicator",
        description =
                "Applies what stands in Kafka to a SQLite file that at every moment equals PostgreSQL at some commit.")
final class ReplicatorCommand extends RoleCommand {
    ReplicatorCommand() {
        super(Role.REPLICATOR);
    }
}
