package dev.warung.replicator.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.warung.testkit.PostgresFixture;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class VerifyEndpointIT {

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<VerifyReport> reports = new CopyOnWriteArrayList<>();
    private VerifyScene scene;
    private VerifyEndpoint endpoint;
    private HttpServer server;

    @BeforeEach
    void create(@TempDir Path directory) throws Exception {
        scene = VerifyScene.create(POSTGRES.createDatabase(), directory);
        endpoint = new VerifyEndpoint(Optional.of(scene.verifier(Duration.ofSeconds(60))), reports::add);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/verify", endpoint);
        server.createContext("/without", new VerifyEndpoint(Optional.empty(), reports::add));
        server.start();
        scene.database.execute(
                "CREATE SCHEMA warung",
                "CREATE TABLE warung.heartbeat (id int PRIMARY KEY, counter bigint)",
                "INSERT INTO warung.heartbeat VALUES (1, 1)",
                "ALTER PUBLICATION warung ADD TABLE warung.heartbeat");
    }

    @AfterEach
    void close() throws Exception {
        server.stop(0);
        threads.shutdownNow();
        scene.close();
    }

    @Test
    void streamsTheEventsAndKeepsTheReport() throws Exception {
        scene.damage("DELETE FROM stok WHERE id = 5");

        List<JsonNode> events = post("/verify?table=public.stok")
                .body()
                .lines()
                .map(VerifyEndpointIT::parse)
                .toList();

        assertThat(events).extracting(e -> e.path("event").asText()).contains("phase", "table");
        JsonNode summary = events.get(events.size() - 1);
        assertThat(summary.path("event").asText()).isEqualTo("summary");
        assertThat(summary.at("/report/identical").asBoolean(true)).isFalse();
        assertThat(summary.at("/report/problems/0/differences/0/kind").asText()).isEqualTo("MISSING_IN_BACKUP");
        assertThat(summary.at("/report/problems/0/differences/0/key/0/value").asText())
                .isEqualTo("5");
        assertThat(reports).hasSize(1);
        assertThat(parse(endpoint.lastJson())).isEqualTo(summary.path("report"));
    }

    @Test
    void saysWhyItCannotCompare() throws Exception {
        scene.database.execute("DROP PUBLICATION warung");

        List<String> lines = post("/verify").body().lines().toList();

        assertThat(parse(lines.get(lines.size() - 1)).path("event").asText()).isEqualTo("failure");
        assertThat(lines.get(lines.size() - 1)).contains("VERIFY_IMPOSSIBLE").contains("no publication");
        assertThat(endpoint.lastJson()).isEqualTo("null");
    }

    @Test
    void refusesASecondOneAndEndsWhenTheClientGoes() throws Exception {
        try (Connection connection = scene.database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO stok (id) VALUES (900001)");
            HttpResponse<InputStream> running =
                    client.send(request("/verify"), HttpResponse.BodyHandlers.ofInputStream());

            assertThat(running.statusCode()).isEqualTo(200);
            assertThat(post("/verify").statusCode()).isEqualTo(409);
            running.body().close();

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> scene.slotsOfVerifications().equals("0"));
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> post("/verify").body().contains("\"identical\":true"));
    }

    @Test
    void refusesWhatItCannotDo() throws Exception {
        assertThat(post("/without").statusCode()).isEqualTo(503);
        assertThat(client.send(HttpRequest.newBuilder(uri("/verify")).build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(405);
    }

    private HttpResponse<String> post(String path) throws Exception {
        return client.send(request(path), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(uri(path))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private static JsonNode parse(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
