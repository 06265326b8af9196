package dev.warung.core.ops;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request to a role's HTTP interface for programs.
 *
 * @param parts of the path after the interface's root, decoded
 * @param query the last value of each name
 */
public record ApiRequest(String method, List<String> parts, Map<String, String> query, HttpExchange exchange) {

    private static final String BEARER = "Bearer ";

    public ApiRequest {
        parts = List.copyOf(parts);
        query = Map.copyOf(query);
    }

    /** @param root with which every path of the interface begins */
    public static ApiRequest of(HttpExchange exchange, String root) {
        String path = exchange.getRequestURI().getRawPath();
        List<String> parts = Stream.of(path.substring(root.length()).split("/", -1))
                .map(ApiRequest::decoded)
                .toList();
        return new ApiRequest(
                exchange.getRequestMethod(),
                parts,
                query(exchange.getRequestURI().getRawQuery()),
                exchange);
    }

    public boolean is(String wanted, int depth) {
        return method.equals(wanted) && parts.size() == depth;
    }

    /** Whether whoever asks knows the key; nobody does if it is empty. */
    public boolean knows(String key) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        if (key.isEmpty() || header == null || !header.startsWith(BEARER)) {
            return false;
        }
        return MessageDigest.isEqual(
                key.getBytes(StandardCharsets.UTF_8),
                header.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8));
    }

    /** @throws IllegalArgumentException if it is larger */
    public String body(int bytesMax) throws IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(bytesMax + 1);
        if (bytes.length > bytesMax) {
            throw new IllegalArgumentException("a request has at most " + bytesMax + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException if it is no number */
    public int number(String name, int otherwise) {
        return Integer.parseInt(query.getOrDefault(name, String.valueOf(otherwise)));
    }

    /** Sends JSON and ends the exchange. */
    public void reply(int status, byte[] json) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, json.length);
            exchange.getResponseBody().write(json);
        }
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                query.put(
                        decoded(equals < 0 ? pair : pair.substring(0, equals)),
                        decoded(equals < 0 ? "" : pair.substring(equals + 1)));
            }
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
