package dev.warung.bench.stage;

import dev.warung.bench.measure.BenchException;
import dev.warung.bench.measure.Wait;
import dev.warung.capture.CaptureMain;
import dev.warung.core.wire.Topics;
import dev.warung.embedded.JavaProcess;
import dev.warung.embedded.Pause;
import dev.warung.embedded.Ports;
import dev.warung.replicator.ReplicatorMain;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Capture and replicator, each in a JVM of its own with the options that the launcher gives it, and what can be seen of them. */
public final class RolePair implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STREAMING_LIMIT = Duration.ofMinutes(30);
    private static final Duration PAUSE_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final BenchServers servers;
    private final String prefix;
    private final JavaProcess capture;
    private final JavaProcess replicator;
    private final DurableRows durable;
    private final Backup backup;
    private long startedAt;

    private RolePair(
            BenchServers servers, String prefix, JavaProcess capture, JavaProcess replicator, DurableRows durable) {
        this.servers = servers;
        this.prefix = prefix;
        this.capture = capture;
        this.replicator = replicator;
        this.durable = durable;
        this.backup = new Backup(backupFile(servers, prefix));
    }

    /**
     * Starts both; capture copies what the tables hold now.
     *
     * @param prefix of topics, slot, publication and files: lower-case letters
     */
    public static RolePair start(BenchServers servers, BenchSetup setup, String prefix) {
        URI captureStatus = status();
        JavaProcess capture = JavaProcess.start(spec(servers, setup, CaptureMain.class, prefix + "-capture")
                .withJvmOptions(setup.captureJvm().toArray(String[]::new))
                .withArgs(arguments(servers, prefix, captureStatus, "--slot", prefix, "--publication", prefix)));
        URI replicatorStatus = status();
        String file = backupFile(servers, prefix).toString();
        JavaProcess replicator = JavaProcess.start(spec(servers, setup, ReplicatorMain.class, prefix + "-replicator")
                .withJvmOptions(setup.replicatorJvm().toArray(String[]::new))
                .withArgs(arguments(servers, prefix, replicatorStatus, "--file", file)));
        DurableRows durable = new DurableRows(servers.kafka().bootstrapServers(), new Topics(prefix));
        RolePair pair = new RolePair(servers, prefix, capture, replicator, durable);
        try {
            capture.awaitHttp(captureStatus, START_LIMIT);
            pair.startedAt = System.nanoTime();
            Wait.until("capture's log", START_LIMIT, () -> {
                pair.requireAlive();
                return durable.isThere();
            });
            replicator.awaitHttp(replicatorStatus, START_LIMIT);
            return pair;
        } catch (RuntimeException e) {
            pair.close();
            throw e;
        }
    }

    private static URI status() {
        return URI.create("http://127.0.0.1:" + Ports.free() + "/status");
    }

    private static JavaProcess.Spec spec(BenchServers servers, BenchSetup setup, Class<?> main, String name) {
        return JavaProcess.Spec.of(main.getName(), servers.directory().resolve(name + ".log"))
                .withEnvironment(Map.of("WARUNG_POSTGRES_URL", servers.postgresText()))
                .withJvm(JavaProcess.Jvm.current().withHome(setup.javaHome()));
    }

    private static List<String> arguments(BenchServers servers, String prefix, URI status, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("--kafka", servers.kafka().bootstrapServers()));
        arguments.addAll(List.of("--prefix", prefix, "--http", status.getAuthority()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static Path backupFile(BenchServers servers, String prefix) {
        return servers.directory().resolve(prefix + ".db");
    }

    /** The {@link System#nanoTime} at which capture's JVM was up; its work begins then. */
    public long startedAt() {
        return startedAt;
    }

    public JavaProcess capture() {
        return capture;
    }

    public JavaProcess replicator() {
        return replicator;
    }

    public Backup backup() {
        return backup;
    }

    /** The server process that sends to capture. */
    public long walSender() {
        return servers.walSender(prefix)
                .orElseThrow(() -> new BenchException("capture does not read its slot:\n" + capture.logTail()));
    }

    /** Waits until capture follows the WAL: the initial copy is over and a transaction has come through. */
    public void awaitStreaming() {
        Wait.until("capture's first transaction", STREAMING_LIMIT, () -> {
            requireAlive();
            durable.poll();
            return durable.ends() > 0;
        });
    }

    /** A reader of the log beside the replicator. */
    public LogWatch watchLog(InstantSource clock) {
        return LogWatch.start(servers.kafka().bootstrapServers(), new Topics(prefix), clock);
    }

    /** Rows of the table that are durable in Kafka. */
    public long durableRows() {
        requireAlive();
        durable.poll();
        return durable.rows();
    }

    /** The same, when nothing is on its way: a count to go on from. */
    public long settledRows() {
        durable.drain();
        return durable.rows();
    }

    /** The highest id in the backup. */
    public long backupLastId() {
        requireAlive();
        return backup.lastId();
    }

    /**
     * Stops what PostgreSQL sends to capture, until the pause is closed. It is stopped right after a transaction has come through, such
     * as that of a heartbeat: then the server process sleeps, and holds no lock that the next rows need.
     */
    public Pause pauseSource() {
        durable.drain();
        long before = durable.ends();
        Wait.until("a heartbeat of capture", PAUSE_LIMIT, () -> {
            requireAlive();
            durable.poll();
            return durable.ends() > before;
        });
        return Pause.of(walSender());
    }

    private void requireAlive() {
        for (JavaProcess process : List.of(capture, replicator)) {
            if (!process.isAlive()) {
                throw new BenchException(
                        (process == capture ? "capture" : "replicator") + " has ended:\n" + process.logTail());
            }
        }
    }

    @Override
    public void close() {
        backup.close();
        durable.close();
        capture.stop(STOP_LIMIT);
        replicator.stop(STOP_LIMIT);
    }
}
