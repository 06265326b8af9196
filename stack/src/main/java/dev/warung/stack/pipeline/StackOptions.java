package dev.warung.stack.pipeline;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What to run.
 *
 * @param directory holds the embedded servers, the logs and the backup
 * @param postgres URL of a server to use instead of the embedded one
 * @param kafka bootstrap servers to use instead of the embedded broker
 * @param prefix of the topics, of the slot and the publication
 */
public record StackOptions(Path directory, Optional<String> postgres, Optional<String> kafka, String prefix) {
    public StackOptions {
        if (!prefix.matches("[a-z][a-z0-9_]{0,39}")) {
            throw new StackException("The prefix is '" + prefix + "', but must be a lower-case letter and up to 39 more"
                    + " letters, digits or '_': it also names the replication slot.");
        }
        directory = directory.toAbsolutePath().normalize();
    }
}
