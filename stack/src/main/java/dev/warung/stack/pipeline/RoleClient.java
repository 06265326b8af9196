package dev.warung.stack.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Asks a role over its HTTP port. */
public final class RoleClient {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int OK = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What {@code /health/ready} says; {@code answered} is false when nobody is there. */
    public record Health(boolean answered, boolean healthy, String detail) {}

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();
    private final String url;

    /** @param url without a path, e.g. {@code http://127.0.0.1:8080} */
    public RoleClient(String url) {
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    public String url() {
        return url;
    }

    /** The role's status, or empty when it does not answer. */
    public Optional<JsonNode> status() {
        try {
            HttpResponse<String> response = http.send(get("/status"), HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == OK ? Optional.of(JSON.readTree(response.body())) : Optional.empty();
        } catch (IOException notThere) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    public Health health() {
        try {
            HttpResponse<String> response = http.send(get("/health/ready"), HttpResponse.BodyHandlers.ofString());
            return new Health(true, response.statusCode() == OK, response.body().strip());
        } catch (IOException notThere) {
            return new Health(false, false, "does not answer at " + url);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Health(false, false, "interrupted");
        }
    }

    /**
     * Has the replicator verify its file; each event is handed on as it comes.
     *
     * @param table empty for all
     */
    public void verify(Optional<String> table, Consumer<JsonNode> events) throws IOException {
        String query = table.map(t -> "?table=" + URLEncoder.encode(t, StandardCharsets.UTF_8))
                .orElse("");
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/verify" + query))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            HttpResponse<Stream<String>> response = http.send(request, HttpResponse.BodyHandlers.ofLines());
            try (Stream<String> lines = response.body()) {
                if (response.statusCode() != OK) {
                    String body = String.join("\n", lines.toList());
                    throw new IOException("the replicator answers " + response.statusCode() + ": " + body);
                }
                for (String line : (Iterable<String>) lines.filter(l -> !l.isBlank())::iterator) {
                    events.accept(JSON.readTree(line));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(LIMIT).build();
    }
}
