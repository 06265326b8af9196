package dev.warung.stack.cli;

import picocli.CommandLine.Command;

/** {@code warung intake}. */
@Command(
        name = "intake",
        description = "Applies what outlets write to PostgreSQL, each change once; several may share the work.")
final class IntakeCommand extends RoleCommand {
    IntakeCommand() {
        super(Role.INTAKE);
    }
}
