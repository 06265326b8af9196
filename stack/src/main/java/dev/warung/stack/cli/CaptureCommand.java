package dev.warung.stack.cli;

import picocli.CommandLine.Command;

/** {@code warung capture}. */
@Command(
        name = "capture",
        description = "Reads PostgreSQL's write-ahead log and writes it, in order and exactly once, to Kafka.")
final class CaptureCommand extends RoleCommand {
    CaptureCommand() {
        super(Role.CAPTURE);
    }
}
