package dev.warung.capture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.warung.core.change.Lsn;
import dev.warung.embedded.JavaProcess;
import dev.warung.embedded.Ports;
import dev.warung.testkit.Database;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** Capture as its own process, as it runs in production. */
final class CaptureProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Database database;
    private final JavaProcess process;
    private final int port;

    private CaptureProcess(Database database, JavaProcess process, int port) {
        this.database = database;
        this.process = process;
        this.port = port;
    }

    static CaptureProcess start(Database database, String bootstrap, String prefix, Path log, String... flags) {
        int port = Ports.free();
        List<String> arguments = new ArrayList<>(List.of(
                "--postgres-url",
                database.server().uri(database.name()),
                "--kafka",
                bootstrap,
                "--prefix",
                prefix,
                "--slot",
                database.name(),
                "--http",
                "127.0.0.1:" + port));
        arguments.addAll(List.of(flags));
        JavaProcess process = JavaProcess.start(JavaProcess.Spec.of("dev.warung.capture.CaptureMain", log)
                .withArgs(arguments)
                .withJvmOptions("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        return new CaptureProcess(database, process, port);
    }

    CaptureProcess awaitState(String state) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> status().path("state").asText(), state::equals);
        return this;
    }

    JsonNode status() {
        try {
            return new ObjectMapper().readTree(get("/status"));
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    String get(String path) throws IOException {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Waits until everything that is committed now is in the log. */
    void drain() {
        Lsn position = Lsn.parse(database.value("select pg_current_wal_lsn()"));
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> Lsn.parse(status().path("commit").asText("0/0")).compareTo(position) >= 0);
    }

    JavaProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.close();
    }
}
