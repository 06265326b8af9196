package dev.warung.replicator;

import dev.warung.embedded.JavaProcess;
import dev.warung.testkit.log.TestLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The replicator as a process of its own, which can be halted at a fault point. */
final class ChildReplicator {

    private ChildReplicator() {}

    static JavaProcess start(String kafka, TestLog log, Path file, List<String> jvmOptions, List<String> arguments) {
        List<String> all = new ArrayList<>(List.of(
                "--kafka",
                kafka,
                "--prefix",
                log.topics().prefix(),
                "--file",
                file.toString(),
                "--http",
                "127.0.0.1:0"));
        all.addAll(arguments);
        List<String> options = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        options.addAll(jvmOptions);
        return JavaProcess.start(
                JavaProcess.Spec.of("dev.warung.replicator.ReplicatorMain", file.resolveSibling("replicator.log"))
                        .withArgs(all)
                        .withJvmOptions(options.toArray(String[]::new)));
    }

    static void stop(JavaProcess process) {
        process.stop(Duration.ofSeconds(20));
    }
}
