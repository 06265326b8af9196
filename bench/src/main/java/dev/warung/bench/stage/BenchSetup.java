package dev.warung.bench.stage;

import java.nio.file.Path;
import java.util.List;

/**
 * On what is measured.
 *
 * @param directory for servers, logs and backup; it is emptied first and removed in the end
 * @param javaHome whose Java runs every child process
 * @param captureJvm options of capture's JVM, as the launcher gives them; the readers that it is compared with get the same
 * @param replicatorJvm options of the replicator's JVM, as the launcher gives them
 * @param outletJvm options of an outlet's JVM, as the launcher gives them
 */
public record BenchSetup(
        Path directory, Path javaHome, List<String> captureJvm, List<String> replicatorJvm, List<String> outletJvm) {
    public BenchSetup {
        directory = directory.toAbsolutePath().normalize();
        captureJvm = List.copyOf(captureJvm);
        replicatorJvm = List.copyOf(replicatorJvm);
        outletJvm = List.copyOf(outletJvm);
    }
}
