package dev.warung.bench.stage;

import dev.warung.bench.measure.ProcessUsage;
import dev.warung.embedded.JavaProcess;
import dev.warung.embedded.Ports;
import dev.warung.intake.IntakeMain;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Intake in a JVM of its own, with the options that the launcher gives to the roles. */
public final class IntakeRole implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final JavaProcess process;

    private IntakeRole(JavaProcess process) {
        this.process = process;
    }

    public static IntakeRole start(BenchServers servers, BenchSetup setup, String prefix) {
        URI status = URI.create("http://127.0.0.1:" + Ports.free() + "/status");
        JavaProcess process = JavaProcess.start(JavaProcess.Spec.of(
                        IntakeMain.class.getName(), servers.directory().resolve(prefix + "-intake.log"))
                .withEnvironment(Map.of("WARUNG_POSTGRES_URL", servers.postgresText()))
                .withJvm(JavaProcess.Jvm.current().withHome(setup.javaHome()))
                .withJvmOptions(setup.intakeJvm().toArray(String[]::new))
                .withArgs(
                        "--kafka",
                        servers.kafka().bootstrapServers(),
                        "--prefix",
                        prefix,
                        "--http",
                        status.getAuthority()));
        process.awaitHttp(status, START_LIMIT);
        return new IntakeRole(process);
    }

    public long pid() {
        return process.pid();
    }

    public long peakRssBytes() {
        return ProcessUsage.peakRssBytes(process.pid());
    }

    @Override
    public void close() {
        process.stop(STOP_LIMIT);
    }
}
