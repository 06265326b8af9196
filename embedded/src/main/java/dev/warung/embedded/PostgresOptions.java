package dev.warung.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where and how an embedded PostgreSQL runs.
 *
 * @param directory holds the data directory, the log, the port and the password
 * @param port 0 takes the port used before in this directory, or a free one
 * @param settings laid over the server settings of {@link PostgresServer}
 * @param deleteOnClose the directory is deleted when the server is closed
 */
public record PostgresOptions(Path directory, int port, Map<String, String> settings, boolean deleteOnClose) {
    public PostgresOptions {
        settings = Map.copyOf(settings);
    }

    public static PostgresOptions temporary() {
        return new PostgresOptions(Directories.temporary("warung-postgres"), 0, Map.of(), true);
    }

    public static PostgresOptions in(Path directory) {
        return new PostgresOptions(directory.toAbsolutePath(), 0, Map.of(), false);
    }

    public PostgresOptions withPort(int newPort) {
        return new PostgresOptions(directory, newPort, settings, deleteOnClose);
    }

    public PostgresOptions withSetting(String name, String value) {
        Map<String, String> more = new TreeMap<>(settings);
        more.put(name, value);
        return new PostgresOptions(directory, port, more, deleteOnClose);
    }
}
