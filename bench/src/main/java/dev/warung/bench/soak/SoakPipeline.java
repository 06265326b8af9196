package dev.warung.bench.soak;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warung.bench.measure.Wait;
import dev.warung.bench.stage.BenchSetup;
import dev.warung.embedded.KafkaServer;
import dev.warung.embedded.PostgresServer;
import dev.warung.testkit.pipeline.PipelineOptions;
import dev.warung.testkit.pipeline.ProcessPipeline;
import dev.warung.testkit.pipeline.RoleProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The pipeline under soak: PostgreSQL, the broker's log and the backup each on a disk of their own, and a capture that may be followed by
 * its standby.
 *
 * <p>Thread: the one that makes the faults changes it; others may read.
 */
final class SoakPipeline implements AutoCloseable {
    private static final Duration STREAMING_LIMIT = Duration.ofMinutes(2);

    /** Many PostgreSQL transactions over several Kafka transactions; segments that roll, and are quick to recover. */
    private static final List<String> CAPTURE_FLAGS = List.of("--batch-rows", "2000", "--segment-bytes", "32m");

    private final Map<Part, Disk> disks = new EnumMap<>(Part.class);
    private final ProcessPipeline processes;
    private volatile RoleProcess capture;
    private int captures = 1;

    private SoakPipeline(Map<Part, Disk> disks, ProcessPipeline processes) {
        this.disks.putAll(disks);
        this.processes = processes;
        this.capture = processes.capture();
    }

    /** Starts the servers; the roles wait for {@link #startRoles}. */
    static SoakPipeline start(BenchSetup setup) {
        Path directory = setup.directory();
        Map<Part, Disk> disks = new EnumMap<>(Part.class);
        try {
            disks.put(Part.POSTGRES, Disk.create(directory.resolve("postgres-disk")));
            disks.put(Part.BROKER, Disk.create(directory.resolve("broker-disk")));
            disks.put(Part.REPLICATOR, Disk.create(directory.resolve("replicator-disk")));
            PipelineOptions.Roles roles = new PipelineOptions.Roles(
                    setup.javaHome(), setup.captureJvm(), setup.replicatorJvm(), CAPTURE_FLAGS);
            // A controller lets a broker that was killed come back only when its session has timed out: 9 s as shipped.
            PipelineOptions options = PipelineOptions.in(directory)
                    .withRoles(roles)
                    .withPlaces(place(disks, Part.POSTGRES, "postgres"), place(disks, Part.REPLICATOR, "backup.db"))
                    .withBrokerProperties(Map.of(
                            "log.dirs",
                            place(disks, Part.BROKER, "data").toString(),
                            "broker.session.timeout.ms",
                            "3000",
                            "broker.heartbeat.interval.ms",
                            "500"));
            return new SoakPipeline(disks, ProcessPipeline.start(options));
        } catch (RuntimeException e) {
            disks.values().forEach(Disk::close);
            throw e;
        }
    }

    private static Path place(Map<Part, Disk> disks, Part part, String name) {
        Disk disk = disks.get(part);
        if (disk == null) {
            throw new IllegalStateException("no disk of " + part);
        }
        return disk.directory().resolve(name);
    }

    /** Starts both roles and waits until capture streams. */
    void startRoles() {
        capture.start();
        processes.replicator().start();
        Wait.until("capture to stream", STREAMING_LIMIT, () -> isStreaming(capture));
    }

    static boolean isStreaming(RoleProcess role) {
        return hasState(role, "streaming");
    }

    static boolean hasState(RoleProcess role, String state) {
        return role.status()
                .map(status -> status.at("/state").asText().equals(state))
                .orElse(false);
    }

    ProcessPipeline processes() {
        return processes;
    }

    PostgresServer postgres() {
        return processes.postgres();
    }

    KafkaServer kafka() {
        return processes.kafka();
    }

    /** The capture that is meant to hold the slot. */
    RoleProcess capture() {
        return capture;
    }

    RoleProcess replicator() {
        return processes.replicator();
    }

    /** One more capture, not started yet. */
    RoleProcess newCapture() {
        captures++;
        return processes.newCapture("capture-" + captures);
    }

    /** From now on this capture is meant to hold the slot. */
    void followedBy(RoleProcess successor) {
        capture = successor;
    }

    /** The disk of a part that has one. */
    Disk disk(Part part) {
        Disk disk = disks.get(part);
        if (disk == null) {
            throw new IllegalStateException("no disk of " + part);
        }
        return disk;
    }

    /** The server process that sends to capture; empty while nobody reads the slot. */
    OptionalLong walSender() throws SQLException {
        try (Connection connection = processes.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select coalesce(max(active_pid), 0) from pg_replication_slots"
                        + " where slot_name = '" + ProcessPipeline.PREFIX + "'")) {
            row.next();
            long pid = row.getLong(1);
            return pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid);
        }
    }

    /** The ends of all logs, for a report of what went wrong. */
    String tails() {
        return tail(capture) + tail(replicator()) + "PostgreSQL:\n" + postgres().logTail();
    }

    private static String tail(RoleProcess role) {
        return role.name() + " says " + role.status().map(JsonNode::toString).orElse("nothing") + "\n" + role.tail()
                + "\n\n";
    }

    /** Waits for each process to end, also when the thread was interrupted: a mounted disk must not be left with a server on it. */
    @Override
    public void close() {
        boolean wasInterrupted = Thread.interrupted();
        try {
            capture.close();
            processes.close();
            disks.values().forEach(Disk::close);
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
