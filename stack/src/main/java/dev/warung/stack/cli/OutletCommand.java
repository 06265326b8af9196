package dev.warung.stack.cli;

import picocli.CommandLine.Command;

/** {@code warung outlet}. */
@Command(
        name = "outlet",
        description = "Keeps one outlet's SQLite file: exactly the rows of its shapes, also while it is offline.")
final class OutletCommand extends RoleCommand {
    OutletCommand() {
        super(Role.OUTLET);
    }
}
