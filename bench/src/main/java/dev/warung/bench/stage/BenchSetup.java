package dev.warung.bench.stage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * On what is measured.
 *
 * @param directory for servers, logs and backup; it is emptied first and removed in the end
 * @param javaHome whose Java runs every child process
 * @param captureJvm options of capture's JVM, as the launcher gives them; the readers that it is compared with get the same
 * @param replicatorJvm options of the replicator's JVM, as the launcher gives them
 * @param intakeJvm options of intake's JVM, as the launcher gives them
 * @param outletJvm options of an outlet's JVM, as the launcher gives them
 */
public record BenchSetup(
        Path directory,
        Path javaHome,
        List<String> captureJvm,
        List<String> replicatorJvm,
        List<String> intakeJvm,
        List<String> outletJvm) {
    public BenchSetup {
        directory = directory.toAbsolutePath().normalize();
        captureJvm = List.copyOf(captureJvm);
        replicatorJvm = List.copyOf(replicatorJvm);
        intakeJvm = List.copyOf(intakeJvm);
        outletJvm = List.copyOf(outletJvm);
    }

    /** With another heap for the replicator, as {@code -Xmx} takes it. */
    public BenchSetup withReplicatorHeap(String heap) {
        List<String> options = new ArrayList<>(replicatorJvm);
        options.add("-Xmx" + heap); // the last one counts
        return new BenchSetup(directory, javaHome, captureJvm, options, intakeJvm, outletJvm);
    }
}
