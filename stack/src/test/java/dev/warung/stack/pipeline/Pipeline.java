package dev.warung.stack.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warung.embedded.JavaProcess;
import dev.warung.embedded.KafkaServer;
import dev.warung.embedded.PostgresServer;
import dev.warung.testkit.check.LogAudit;
import dev.warung.testkit.check.LogReader;
import dev.warung.testkit.check.SlotSampler;
import dev.warung.testkit.pipeline.OutletProcess;
import dev.warung.testkit.pipeline.PipelineOptions;
import dev.warung.testkit.pipeline.ProcessPipeline;
import dev.warung.testkit.pipeline.RoleProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A pipeline of processes with the waits and assertions of the tests. */
final class Pipeline implements AutoCloseable {

    static final String PREFIX = ProcessPipeline.PREFIX;

    static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Path directory;
    private final ProcessPipeline processes;
    private final List<String> captureFlags = new ArrayList<>();

    /** Starts the two servers; {@code brokerProperties} are laid over Kafka's. */
    Pipeline(Path directory, Map<String, String> brokerProperties) {
        this.directory = directory;
        this.processes = ProcessPipeline.start(PipelineOptions.in(directory).withBrokerProperties(brokerProperties));
    }

    PostgresServer postgres() {
        return processes.postgres();
    }

    KafkaServer kafka() {
        return processes.kafka();
    }

    LogReader log() {
        return processes.log();
    }

    /** Checks the log as it grows; to be kept for the whole run. */
    LogAudit audit() {
        return processes.audit();
    }

    SlotSampler slotSampler() {
        return processes.slotSampler();
    }

    Path backup() {
        return processes.backup();
    }

    Connection connect() throws SQLException {
        return processes.connect();
    }

    /** More flags for capture, for this and later starts. */
    Pipeline withCaptureFlags(String... flags) {
        captureFlags.addAll(List.of(flags));
        return this;
    }

    void startCapture(String... jvmOptions) {
        processes.capture().start(captureFlags, List.of(jvmOptions));
    }

    void startReplicator(String... jvmOptions) {
        processes.replicator().start(List.of(), List.of(jvmOptions));
    }

    /** An outlet, not started yet. */
    OutletProcess newOutlet(String code, String id, Path place) {
        return processes.newOutlet(code, id, place);
    }

    RoleProcess newIntake() {
        return processes.newIntake("intake");
    }

    JavaProcess capture() {
        return processes.capture().process();
    }

    JavaProcess replicator() {
        return processes.replicator().process();
    }

    /** Waits until a row that is committed now can be read from the backup: then everything before it is there too. */
    void drain() throws SQLException {
        long marker = processes.insertMarker();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            requireAlive(processes.capture());
            requireAlive(processes.replicator());
            assertThat(processes.hasMarker(marker))
                    .as("marker %s; capture: %s; replicator: %s", marker, tail("capture"), tail("replicator"))
                    .isTrue();
        });
    }

    /** Not an assertion: a role that has ended does not come back, so there is nothing to wait for. */
    private static void requireAlive(RoleProcess role) {
        if (!role.isAlive()) {
            throw new IllegalStateException(role.name() + " has ended: " + role.tail());
        }
    }

    /** {@code count(*)} of the backup, or −1 while it cannot be read. */
    long backupCount(String fromWhere) {
        return processes.backupCount(fromWhere);
    }

    /** What the replicator's verification found: its summary, as JSON. */
    JsonNode verify() {
        return processes.verify(PATIENCE);
    }

    /** I1: every captured table was compared with PostgreSQL at one commit position, and none differs. */
    void assertIdentical() {
        // A replicator that has just changed its state may not be ready to hold.
        JsonNode last = await().atMost(PATIENCE)
                .until(this::verify, found -> !found.at("/code").asText().equals("VERIFY_IMPOSSIBLE"));
        assertThat(last.at("/report/identical").asBoolean(false))
                .as("verification: %s", last.toPrettyString())
                .isTrue();
    }

    /** What capture says of itself. */
    JsonNode captureStatus() {
        return status(processes.capture());
    }

    /** What the replicator says of itself. */
    JsonNode replicatorStatus() {
        return status(processes.replicator());
    }

    private static JsonNode status(RoleProcess role) {
        return role.status().orElseThrow(() -> new UncheckedIOException(new IOException(role.name() + " is silent")));
    }

    /** Starts capture with a flag for this start only. */
    void startCaptureOnce(String flag) {
        List<String> flags = new ArrayList<>(captureFlags);
        flags.add(flag);
        processes.capture().start(flags, List.of());
    }

    void execute(String sql) throws SQLException {
        processes.execute(sql);
    }

    /** The first column of the first row. */
    String query(String sql) throws SQLException {
        return processes.query(sql);
    }

    /** Whether the initial copy is done and capture follows the WAL. */
    boolean isStreaming() {
        return processes
                .capture()
                .status()
                .map(status -> status.at("/state").asText().equals("streaming"))
                .orElse(false);
    }

    /** What Prometheus would read. */
    String captureMetrics() {
        return processes.capture().http("GET", "/metrics", PATIENCE);
    }

    String replicatorMetrics() {
        return processes.replicator().http("GET", "/metrics", PATIENCE);
    }

    /** Throws the log's history away: a new slot, a new epoch, every table copied anew, and a backup built from it. */
    void restartWithNewEpoch() throws SQLException {
        capture().close();
        replicator().close();
        deleteBackup();
        startCaptureOnce("--resync");
        await().atMost(PATIENCE).until(this::isStreaming);
        startReplicator();
        drain();
    }

    void deleteBackup() {
        try {
            for (String suffix : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(directory.resolve("backup.db" + suffix));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The end of a role's log, for messages of failed assertions. */
    String tail(String name) {
        return name.equals("capture")
                ? processes.capture().tail()
                : processes.replicator().tail();
    }

    @Override
    public void close() {
        processes.close();
    }
}
