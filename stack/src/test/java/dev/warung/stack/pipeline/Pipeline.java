package dev.warung.stack.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.warung.core.wire.Topics;
import dev.warung.embedded.JavaProcess;
import dev.warung.embedded.KafkaOptions;
import dev.warung.embedded.KafkaServer;
import dev.warung.embedded.Ports;
import dev.warung.embedded.PostgresOptions;
import dev.warung.embedded.PostgresServer;
import dev.warung.testkit.check.LogAudit;
import dev.warung.testkit.check.LogReader;
import dev.warung.testkit.check.SlotSampler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** PostgreSQL, Kafka, capture and replicator, each a process that can be killed and started again. */
final class Pipeline implements AutoCloseable {

    static final String PREFIX = "warung";
    /** The table of the rows that {@link #drain} waits for. */
    static final String MARKERS = "penanda";

    static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Path directory;
    private final PostgresServer postgres;
    private final KafkaServer kafka;
    private final int capturePort = Ports.free();
    private final int replicatorPort = Ports.free();
    private final List<String> captureFlags = new ArrayList<>();
    private @Nullable JavaProcess capture;
    private @Nullable JavaProcess replicator;

    /** Starts the two servers; {@code brokerProperties} are laid over Kafka's. */
    Pipeline(Path directory, Map<String, String> brokerProperties) {
        this.directory = directory;
        this.postgres = PostgresServer.start(PostgresOptions.in(directory.resolve("postgres")));
        KafkaOptions options = KafkaOptions.in(directory.resolve("kafka"));
        for (Map.Entry<String, String> property : brokerProperties.entrySet()) {
            options = options.withProperty(property.getKey(), property.getValue());
        }
        this.kafka = KafkaServer.start(options);
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + MARKERS + " (id bigint PRIMARY KEY)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    PostgresServer postgres() {
        return postgres;
    }

    KafkaServer kafka() {
        return kafka;
    }

    LogReader log() {
        return new LogReader(kafka.bootstrapServers(), new Topics(PREFIX));
    }

    /** Checks the log as it grows; to be kept for the whole run. */
    LogAudit audit() {
        return new LogAudit(log(), new Topics(PREFIX));
    }

    SlotSampler slotSampler() {
        return new SlotSampler(this::connect, log());
    }

    Path backup() {
        return directory.resolve("backup.db");
    }

    Connection connect() throws SQLException {
        return postgres.connect();
    }

    /** More flags for capture, for this and later starts. */
    Pipeline withCaptureFlags(String... flags) {
        captureFlags.addAll(List.of(flags));
        return this;
    }

    void startCapture(String... jvmOptions) {
        List<String> arguments = new ArrayList<>(List.of(
                "--postgres-url",
                postgres.uri("postgres"),
                "--kafka",
                kafka.bootstrapServers(),
                "--prefix",
                PREFIX,
                "--http",
                "127.0.0.1:" + capturePort));
        arguments.addAll(captureFlags);
        capture = role("dev.warung.capture.CaptureMain", "capture", arguments, "-Xmx384m", jvmOptions);
    }

    void startReplicator(String... jvmOptions) {
        replicator = role(
                "dev.warung.replicator.ReplicatorMain",
                "replicator",
                List.of(
                        "--postgres-url", postgres.uri("postgres"),
                        "--kafka", kafka.bootstrapServers(),
                        "--prefix", PREFIX,
                        "--file", backup().toString(),
                        "--http", "127.0.0.1:" + replicatorPort),
                "-Xmx256m",
                jvmOptions);
    }

    private JavaProcess role(String main, String name, List<String> arguments, String heap, String... jvmOptions) {
        List<String> options = new ArrayList<>(
                List.of(heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dwarung.log.level=INFO"));
        options.addAll(List.of(jvmOptions));
        return JavaProcess.start(JavaProcess.Spec.of(main, directory.resolve(name + ".log"))
                .withArgs(arguments)
                .withJvmOptions(options.toArray(String[]::new)));
    }

    JavaProcess capture() {
        return running(capture);
    }

    JavaProcess replicator() {
        return running(replicator);
    }

    private static JavaProcess running(@Nullable JavaProcess process) {
        if (process == null) {
            throw new IllegalStateException("the process was not started");
        }
        return process;
    }

    /** Waits until a row that is committed now can be read from the backup: then everything before it is there too. */
    void drain() throws SQLException {
        long marker = insertMarker();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            requireAlive(capture(), "capture");
            requireAlive(replicator(), "replicator");
            assertThat(backupCount(MARKERS + " WHERE id = " + marker))
                    .as("marker %s; capture: %s; replicator: %s", marker, tail("capture"), tail("replicator"))
                    .isEqualTo(1);
        });
    }

    /** Not an assertion: a role that has ended does not come back, so there is nothing to wait for. */
    private void requireAlive(JavaProcess role, String name) {
        if (!role.isAlive()) {
            throw new IllegalStateException(name + " has ended: " + tail(name));
        }
    }

    /** The time, so that a server that was restored to the past never uses a number twice. */
    private long insertMarker() throws SQLException {
        return Long.parseLong(query("INSERT INTO " + MARKERS
                + " VALUES ((extract(epoch from clock_timestamp()) * 1000000)::bigint) RETURNING id"));
    }

    /** {@code count(*)} of the backup, or −1 while it cannot be read. */
    long backupCount(String fromWhere) {
        if (!Files.exists(backup())) {
            return -1;
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + backup());
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM " + fromWhere)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            return -1;
        }
    }

    /** What the replicator's verification found: its summary, as JSON. */
    JsonNode verify() {
        JsonNode last = MissingNode.getInstance();
        for (String line : http("POST", replicatorPort, "/verify").split("\n", -1)) {
            if (!line.isBlank()) {
                last = json(line);
            }
        }
        return last;
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
        return json(http("GET", capturePort, "/status"));
    }

    /** What the replicator says of itself. */
    JsonNode replicatorStatus() {
        return json(http("GET", replicatorPort, "/status"));
    }

    /** Starts capture with a flag for this start only. */
    void startCaptureOnce(String flag) {
        captureFlags.add(flag);
        startCapture();
        captureFlags.remove(flag);
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row. */
    String query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    /** Whether the initial copy is done and capture follows the WAL. */
    boolean isStreaming() {
        try {
            return captureStatus().at("/state").asText().equals("streaming");
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** What Prometheus would read. */
    String captureMetrics() {
        return http("GET", capturePort, "/metrics");
    }

    String replicatorMetrics() {
        return http("GET", replicatorPort, "/metrics");
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

    private static String http(String method, int port, String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .timeout(PATIENCE)
                    .build();
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + text, e);
        }
    }

    /** The end of a role's log, for messages of failed assertions. */
    String tail(String name) {
        try {
            List<String> lines = Files.readAllLines(directory.resolve(name + ".log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 25), lines.size()));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        if (capture != null) {
            capture.close();
        }
        if (replicator != null) {
            replicator.close();
        }
        kafka.close();
        postgres.close();
    }
}
