package dev.warung.testkit.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.warung.core.shape.Enrolment;
import dev.warung.core.wire.Topics;
import dev.warung.embedded.JavaProcess;
import dev.warung.embedded.KafkaOptions;
import dev.warung.embedded.KafkaServer;
import dev.warung.embedded.PostgresOptions;
import dev.warung.embedded.PostgresServer;
import dev.warung.testkit.check.LogAudit;
import dev.warung.testkit.check.LogReader;
import dev.warung.testkit.check.SlotSampler;
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
import java.util.UUID;

/**
 * PostgreSQL, Kafka, capture and replicator, each a process that can be killed and started again. The servers run from the start, the
 * roles when they are told to.
 */
public final class ProcessPipeline implements AutoCloseable {

    /** Of topics, slot and publication. */
    public static final String PREFIX = "warung";

    /** The table of the rows that show that everything before them has arrived. */
    public static final String MARKERS = "penanda";

    private final PipelineOptions options;
    private final PostgresServer postgres;
    private final KafkaServer kafka;
    private final RoleProcess capture;
    private final RoleProcess replicator;

    private ProcessPipeline(PipelineOptions options, PostgresServer postgres, KafkaServer kafka) {
        this.options = options;
        this.postgres = postgres;
        this.kafka = kafka;
        this.capture = newCapture("capture");
        this.replicator = role(
                "replicator",
                "dev.warung.replicator.ReplicatorMain",
                options.roles().replicatorJvm(),
                List.of("--file", options.backup().toString()));
    }

    /** Starts the two servers and creates the table of markers. */
    public static ProcessPipeline start(PipelineOptions options) {
        PostgresServer postgres = PostgresServer.start(PostgresOptions.in(options.postgres()));
        try {
            KafkaOptions broker = KafkaOptions.in(options.directory().resolve("kafka"))
                    .withJavaHome(options.roles().javaHome())
                    .forShortLife();
            for (Map.Entry<String, String> property : options.brokerProperties().entrySet()) {
                broker = broker.withProperty(property.getKey(), property.getValue());
            }
            ProcessPipeline pipeline = new ProcessPipeline(options, postgres, KafkaServer.start(broker));
            pipeline.execute("CREATE TABLE IF NOT EXISTS " + MARKERS + " (id bigint PRIMARY KEY)");
            return pipeline;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
        }
    }

    /** One more capture of this pipeline, not started yet. */
    public RoleProcess newCapture(String name) {
        List<String> arguments = new ArrayList<>(List.of("--slot", PREFIX, "--publication", PREFIX));
        arguments.addAll(options.roles().captureFlags());
        return role(name, "dev.warung.capture.CaptureMain", options.roles().captureJvm(), arguments);
    }

    /**
     * An outlet of this pipeline, not started yet.
     *
     * @param directory for its enrolment, its file and its log
     * @param id of its row in {@code warung.outlets}
     */
    public OutletProcess newOutlet(String code, String id, Path directory) {
        return OutletProcess.of(
                new Enrolment(kafka.bootstrapServers(), PREFIX, UUID.fromString(id), code, Map.of()),
                directory,
                options.roles().javaHome());
    }

    /** An intake of this pipeline, not started yet. */
    public RoleProcess newIntake(String name) {
        return role(
                name, "dev.warung.intake.IntakeMain", options.roles().replicatorJvm(), List.of("--try-first", "100ms"));
    }

    private RoleProcess role(String name, String main, List<String> jvm, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of("--kafka", kafka.bootstrapServers(), "--prefix", PREFIX));
        arguments.addAll(more);
        return new RoleProcess(
                name,
                JavaProcess.Spec.of(main, options.directory().resolve(name + ".log"))
                        .withEnvironment(Map.of("WARUNG_POSTGRES_URL", postgres.uri("postgres")))
                        .withJvm(JavaProcess.Jvm.current()
                                .withHome(options.roles().javaHome()))
                        .withJvmOptions(jvm.toArray(String[]::new))
                        .withArgs(arguments));
    }

    public PostgresServer postgres() {
        return postgres;
    }

    public KafkaServer kafka() {
        return kafka;
    }

    public RoleProcess capture() {
        return capture;
    }

    public RoleProcess replicator() {
        return replicator;
    }

    public Path backup() {
        return options.backup();
    }

    public LogReader log() {
        return new LogReader(kafka.bootstrapServers(), new Topics(PREFIX));
    }

    /** Checks the log as it grows; to be kept for the whole run. */
    public LogAudit audit() {
        return new LogAudit(log(), new Topics(PREFIX));
    }

    public SlotSampler slotSampler() {
        return new SlotSampler(this::connect, log());
    }

    public Connection connect() throws SQLException {
        return postgres.connect();
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row. */
    public String query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    /**
     * Commits a row; once {@link #hasMarker} sees it, everything that was committed before is in the backup too. Its id is the time, so
     * that a server that was restored to the past never uses one twice.
     */
    public long insertMarker() throws SQLException {
        return Long.parseLong(query("INSERT INTO " + MARKERS
                + " VALUES ((extract(epoch from clock_timestamp()) * 1000000)::bigint) RETURNING id"));
    }

    public boolean hasMarker(long marker) {
        return backupCount(MARKERS + " WHERE id = " + marker) == 1;
    }

    /** {@code count(*)} of the backup, or −1 while it cannot be read. */
    public long backupCount(String fromWhere) {
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

    /** What the replicator's verification found: its summary, or why it could not. */
    public JsonNode verify(Duration limit) {
        JsonNode last = MissingNode.getInstance();
        for (String line : replicator.http("POST", "/verify", limit).split("\n", -1)) {
            if (!line.isBlank()) {
                last = RoleProcess.json(line);
            }
        }
        return last;
    }

    @Override
    public void close() {
        capture.close();
        replicator.close();
        kafka.close();
        postgres.close();
    }
}
