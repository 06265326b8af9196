package dev.warung.testkit.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.warung.embedded.JavaProcess;
import dev.warung.embedded.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Capture or the replicator: a process that can be started again and again on the same HTTP port and log, and what it says of itself.
 *
 * <p>Thread: start and stop by one thread at a time; the rest by any.
 */
public final class RoleProcess implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private static final Duration STATUS_LIMIT = Duration.ofSeconds(5);
    private static final int TAIL_LINES = 25;

    private final String name;
    private final JavaProcess.Spec spec;
    private final int port = Ports.free();
    private volatile @Nullable JavaProcess process;

    /** @param spec without {@code --http} */
    RoleProcess(String name, JavaProcess.Spec spec) {
        this.name = name;
        this.spec = spec;
    }

    /** For messages. */
    public String name() {
        return name;
    }

    public void start() {
        start(List.of(), List.of());
    }

    /** Starts it with more arguments and JVM options, for this start only. */
    public void start(List<String> moreArguments, List<String> moreJvmOptions) {
        List<String> arguments = new ArrayList<>(spec.args());
        arguments.addAll(List.of("--http", "127.0.0.1:" + port));
        arguments.addAll(moreArguments);
        List<String> options = new ArrayList<>(spec.jvmOptions());
        options.addAll(moreJvmOptions);
        process = JavaProcess.start(spec.withArgs(arguments).withJvmOptions(options.toArray(String[]::new)));
    }

    /** @throws IllegalStateException if it was never started */
    public JavaProcess process() {
        JavaProcess current = process;
        if (current == null) {
            throw new IllegalStateException(name + " was not started");
        }
        return current;
    }

    public boolean isAlive() {
        JavaProcess current = process;
        return current != null && current.isAlive();
    }

    /** What it says of itself; empty if it does not answer, or not in time. */
    public Optional<JsonNode> status() {
        try {
            return Optional.of(json(http("GET", "/status", STATUS_LIMIT)));
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** The body of its answer, whatever the status code is. */
    public String http(String method, String path, Duration limit) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .timeout(limit)
                    .build();
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + text, e);
        }
    }

    public Path logFile() {
        return spec.logFile();
    }

    /** The end of its log. */
    public String tail() {
        try {
            List<String> lines = Files.readAllLines(logFile());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    /** As it is asked to by SIGTERM. */
    @Override
    public void close() {
        JavaProcess current = process;
        if (current != null) {
            current.close();
        }
    }
}
