package dev.warung.stack.pipeline;

import dev.warung.capture.CaptureMain;
import dev.warung.embedded.JavaProcess;
import dev.warung.embedded.Ports;
import dev.warung.intake.IntakeMain;
import dev.warung.replicator.ReplicatorMain;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * capture, replicator and, where outlets write, intake: each in a JVM of its own, as they would run on servers.
 *
 * <p>Thread: one.
 */
public final class Roles implements AutoCloseable {
    private static final String CAPTURE_MAIN = CaptureMain.class.getName();
    private static final String REPLICATOR_MAIN = ReplicatorMain.class.getName();

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final JavaProcess capture;
    private final JavaProcess replicator;
    private final RoleClient captureClient;
    private final RoleClient replicatorClient;
    private @Nullable JavaProcess intake;
    private @Nullable RoleClient intakeClient;

    private Roles(JavaProcess capture, JavaProcess replicator, String captureUrl, String replicatorUrl) {
        this.capture = capture;
        this.replicator = replicator;
        this.captureClient = new RoleClient(captureUrl);
        this.replicatorClient = new RoleClient(replicatorUrl);
    }

    static Roles start(StackOptions options, Servers servers) {
        Path directory = options.directory();
        int capturePort = Ports.remembered(directory.resolve("capture-port"));
        int replicatorPort = Ports.remembered(directory.resolve("replicator-port"));
        List<String> captureArguments = arguments(options, servers, capturePort);
        captureArguments.addAll(
                List.of("--slot", options.prefix(), "--publication", options.prefix(), "--exit-on-refusal"));
        JavaProcess capture = JavaProcess.start(JavaProcess.Spec.of(CAPTURE_MAIN, directory.resolve("capture.log"))
                .withArgs(captureArguments)
                .withEnvironment(secrets(servers))
                .withJvmOptions(captureJvm().toArray(String[]::new)));
        List<String> arguments = arguments(options, servers, replicatorPort);
        arguments.addAll(List.of("--file", backup(directory).toString()));
        JavaProcess replicator =
                JavaProcess.start(JavaProcess.Spec.of(REPLICATOR_MAIN, directory.resolve("replicator.log"))
                        .withArgs(arguments)
                        .withEnvironment(secrets(servers))
                        .withJvmOptions(replicatorJvm().toArray(String[]::new)));
        Roles roles = new Roles(capture, replicator, url(capturePort), url(replicatorPort));
        try {
            capture.awaitHttp(URI.create(url(capturePort) + "/status"), ANSWER_LIMIT);
            replicator.awaitHttp(URI.create(url(replicatorPort) + "/status"), ANSWER_LIMIT);
        } catch (IllegalStateException e) {
            roles.close();
            throw new StackException(String.valueOf(e.getMessage()), e);
        }
        return roles;
    }

    /** @param more settings as flags */
    RoleClient startIntake(StackOptions options, Servers servers, List<String> more) {
        Path directory = options.directory();
        int port = Ports.remembered(directory.resolve("intake-port"));
        List<String> arguments = arguments(options, servers, port);
        arguments.addAll(more);
        JavaProcess started =
                JavaProcess.start(JavaProcess.Spec.of(IntakeMain.class.getName(), directory.resolve("intake.log"))
                        .withArgs(arguments)
                        .withEnvironment(secrets(servers))
                        .withJvmOptions(intakeJvm().toArray(String[]::new)));
        RoleClient client = new RoleClient(url(port));
        intake = started;
        intakeClient = client;
        try {
            started.awaitHttp(URI.create(url(port) + "/status"), ANSWER_LIMIT);
        } catch (IllegalStateException e) {
            throw new StackException(String.valueOf(e.getMessage()), e);
        }
        return client;
    }

    static Path backup(Path directory) {
        return directory.resolve("backup.db");
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port;
    }

    private static List<String> arguments(StackOptions options, Servers servers, int port) {
        return new ArrayList<>(
                List.of("--kafka", servers.kafka(), "--prefix", options.prefix(), "--http", "127.0.0.1:" + port));
    }

    /** By the environment: a command line is visible to every user of the machine. */
    private static Map<String, String> secrets(Servers servers) {
        return Map.of("WARUNG_POSTGRES_URL", servers.postgresText());
    }

    /** With which options capture's JVM is started. */
    public static List<String> captureJvm() {
        return jvmOptions("384m");
    }

    /** With which options the replicator's JVM is started. */
    public static List<String> replicatorJvm() {
        return jvmOptions("256m");
    }

    /** With which options intake's JVM is started. */
    public static List<String> intakeJvm() {
        return jvmOptions("128m");
    }

    /** With which options an outlet's JVM is started: small, and soon at work. */
    public static List<String> outletJvm() {
        return List.of(
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Duser.timezone=UTC",
                "-Dwarung.log.level=INFO");
    }

    private static List<String> jvmOptions(String heap) {
        return List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-Duser.timezone=UTC", "-Dwarung.log.level=INFO");
    }

    public RoleClient capture() {
        return captureClient;
    }

    public RoleClient replicator() {
        return replicatorClient;
    }

    /** Empty as long as it was not started. */
    public Optional<RoleClient> intake() {
        return Optional.ofNullable(intakeClient);
    }

    /** The first role whose process has ended, with the end of its log. */
    public Optional<String> failure() {
        return failure("capture", capture)
                .or(() -> failure("replicator", replicator))
                .or(() -> intake == null ? Optional.empty() : failure("intake", intake));
    }

    private static Optional<String> failure(String name, JavaProcess process) {
        return process.isAlive()
                ? Optional.empty()
                : Optional.of(
                        name + " ended with exit code " + process.exitCode().orElse(-1) + "; its log "
                                + process.logFile() + " ends with:\n" + process.logTail());
    }

    @Override
    public void close() {
        if (intake != null) {
            intake.stop(STOP_LIMIT);
        }
        capture.stop(STOP_LIMIT);
        replicator.stop(STOP_LIMIT);
    }
}
