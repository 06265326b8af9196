package dev.warung.stack.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.warung.stack.pipeline.Roles;
import dev.warung.stack.pipeline.Stack;
import dev.warung.stack.pipeline.StackOptions;
import dev.warung.stack.pipeline.VerifyText;
import dev.warung.stack.retail.RetailSchema;
import dev.warung.stack.retail.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** The whole way, from the shops to the SQLite file, on the PostgreSQL and the Kafka that other people run: the images of both. */
@Tag("containers")
class ContainersIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int POSTGRES_PORT = 5432;
    private static final String PASSWORD = "only-for-this-test";

    @TempDir
    private Path directory;

    private final GenericContainer<?> postgres = new GenericContainer<>(DockerImageName.parse("postgres:18"))
            .withEnv("POSTGRES_DB", "toko")
            .withEnv("POSTGRES_PASSWORD", PASSWORD)
            .withCommand("postgres", "-c", "wal_level=logical")
            .withExposedPorts(POSTGRES_PORT)
            // Once while the image sets itself up, once for good.
            .waitingFor(Wait.forLogMessage(".*database system is ready to accept connections.*\\s", 2));
    private final KafkaContainer kafka = new KafkaContainer(DockerImageName.parse("apache/kafka:4.3.0"));

    @BeforeEach
    void startServers() {
        postgres.start();
        kafka.start();
    }

    @AfterEach
    void stopServers() {
        kafka.stop();
        postgres.stop();
    }

    @Test
    @Timeout(900)
    void backupIsIdenticalAfterCopyStreamAndARestartOfTheRoles() throws Exception {
        try (Connection connection = DriverManager.getConnection(jdbcUrl())) {
            assertThat(RetailSchema.createIfMissing(connection)).isTrue();
        }
        try (Stack stack = startServers(directory.resolve("data"))) {
            Roles roles = stack.startRoles();
            sell(200);
            assertIdenticalWhenDrained(stack, roles);
        }

        sell(200);
        try (Stack stack = startServers(directory.resolve("data"))) {
            Roles roles = stack.startRoles();
            sell(200);
            assertIdenticalWhenDrained(stack, roles);
            assertThat(sales("jdbc:sqlite:" + stack.backup()))
                    .isEqualTo(sales(jdbcUrl()))
                    .isPositive();
        }
    }

    /** Of the containers; the roles are processes of this machine. */
    private Stack startServers(Path data) {
        return Stack.startServers(
                new StackOptions(
                        data,
                        Optional.of("postgresql://postgres:" + PASSWORD + "@" + address()),
                        Optional.of(kafka.getBootstrapServers()),
                        "warung"),
                progress -> {});
    }

    private void sell(long transactions) {
        try (Workload workload = new Workload(new Workload.Options(jdbcUrl(), 100, 4, 1))) {
            workload.start();
            await().atMost(PATIENCE).until(() -> workload.counts().committed() >= transactions);
        }
    }

    private void assertIdenticalWhenDrained(Stack stack, Roles roles) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl())) {
            assertThat(Drain.ofEverythingCommittedIn(connection).await(roles.replicator(), PATIENCE, stack::failure))
                    .as("drained; the replicator: %s", roles.replicator().status())
                    .isTrue();
        }
        AtomicReference<JsonNode> last = new AtomicReference<>(MissingNode.getInstance());
        roles.replicator().verify(Optional.empty(), last::set);
        assertThat(VerifyText.saysIdentical(last.get()))
                .as("verification: %s", last.get().toPrettyString())
                .isTrue();
    }

    private static long sales(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from transaksi")) {
            row.next();
            return row.getLong(1);
        }
    }

    private String jdbcUrl() {
        return "jdbc:postgresql://" + address() + "?user=postgres&password=" + PASSWORD;
    }

    private String address() {
        return postgres.getHost() + ":" + postgres.getMappedPort(POSTGRES_PORT) + "/toko";
    }
}
