package dev.warung.outlet.api;

import static dev.warung.outlet.api.Reply.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.upload.RowImage;
import dev.warung.core.wire.UploadCodec;
import dev.warung.outlet.replica.AppWrites;
import dev.warung.outlet.replica.AppWrites.Refused;
import dev.warung.outlet.replica.WritesView;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/v1/…}, for programs on the device that know the key. Without a key nobody may use it: a page in a browser on the device can
 * reach the port too.
 *
 * <p>Thread: any.
 */
public final class LocalApi implements HttpHandler {

    /** Where it answers. */
    public static final String ROOT = "/api/v1/";

    private static final Logger LOG = LoggerFactory.getLogger(LocalApi.class);
    private static final String DOCUMENT = "openapi.json";
    private static final String BEARER = "Bearer ";
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final int PAGE = 100;
    private static final List<String> QUEUED = List.of("pending", "uploaded");

    private final String key;
    private final Supplier<ObjectNode> status;
    private final Runnable trigger;
    private final WritesView view;
    private final AppWrites writes;

    /**
     * The interface to one file.
     *
     * @param key whoever knows it may use the interface; nobody if it is empty
     * @param status of the outlet, without the counts of writes
     * @param trigger makes the outlet try to reach the server now
     */
    public LocalApi(String key, Supplier<ObjectNode> status, Runnable trigger, WritesView view, AppWrites writes) {
        this.key = key;
        this.status = status;
        this.trigger = trigger;
        this.view = view;
        this.writes = writes;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply = reply(exchange);
            byte[] bytes = JSON.writeValueAsBytes(reply.body());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(reply.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Reply reply(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        List<String> parts = Stream.of(path.substring(ROOT.length()).split("/", -1))
                .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
                .toList();
        if (parts.equals(List.of(DOCUMENT))) {
            return document();
        }
        if (!isAllowed(exchange)) {
            return Reply.problem(
                    Reply.UNAUTHORIZED,
                    "UNAUTHORIZED",
                    key.isEmpty() ? "this outlet has no API key" : "the API key is missing or wrong",
                    "start the outlet with --api-key, and send it as 'Authorization: Bearer KEY'");
        }
        try {
            return parts.get(0).equals("tables") ? tables(exchange, parts) : sync(exchange, parts);
        } catch (Refused e) {
            return refused(e);
        } catch (IllegalArgumentException e) {
            return Reply.problem(Reply.INVALID, "INVALID", String.valueOf(e.getMessage()), "see " + ROOT + DOCUMENT);
        } catch (PipelineException e) {
            LOG.warn("{} {}: {}", exchange.getRequestMethod(), path, e.getMessage());
            return Reply.problem(
                    Reply.UNAVAILABLE,
                    e.code().name(),
                    String.valueOf(e.getMessage()),
                    e.code().remedy());
        }
    }

    private Reply sync(HttpExchange exchange, List<String> parts) {
        String method = exchange.getRequestMethod();
        String what = parts.size() > 1 && parts.get(0).equals("sync") ? parts.get(1) : "";
        boolean isGet = method.equals("GET") && parts.size() == 2;
        Map<String, String> query = query(exchange);
        WritesView.Page page = page(query);
        String table = query.getOrDefault("table", "");
        return switch (what) {
            case "status" -> isGet ? Reply.data(Reply.OK, status()) : wrongMethod();
            case "queue" -> isGet ? list(view.writes(QUEUED, table, page)) : wrongMethod();
            case "failed" -> isGet ? list(view.writes(List.of("failed"), table, page)) : wrongMethod();
            case "conflicts" -> isGet ? conflicts(table, page) : wrongMethod();
            case "logs" -> isGet ? list(view.logs(page)) : wrongMethod();
            case "trigger" -> {
                if (!method.equals("POST") || parts.size() != 2) {
                    yield wrongMethod();
                }
                trigger.run();
                yield Reply.data(Reply.OK, status());
            }
            case "retry" -> {
                if (!method.equals("POST") || parts.size() != 3) {
                    yield wrongMethod();
                }
                writes.retry(UUID.fromString(parts.get(2)));
                yield Reply.data(Reply.OK, JSON.createObjectNode().put("id", parts.get(2)));
            }
            default -> notFound();
        };
    }

    private Reply tables(HttpExchange exchange, List<String> parts) throws IOException {
        String method = exchange.getRequestMethod();
        if (parts.size() == 2 && method.equals("POST")) {
            return row(Reply.CREATED, writes.insert(parts.get(1), body(exchange)));
        }
        if (parts.size() == 3 && method.equals("PUT")) {
            return row(Reply.OK, writes.update(parts.get(1), key(parts.get(2)), body(exchange)));
        }
        if (parts.size() == 3 && method.equals("DELETE")) {
            writes.delete(parts.get(1), key(parts.get(2)));
            return Reply.data(Reply.OK, JSON.createObjectNode());
        }
        return parts.size() == 2 || parts.size() == 3 ? wrongMethod() : notFound();
    }

    private ObjectNode status() {
        ObjectNode node = status.get();
        Map<String, Long> counts = view.counts();
        long total = counts.values().stream().mapToLong(Long::longValue).sum();
        node.put("pending", counts.getOrDefault("pending", 0L) + counts.getOrDefault("uploaded", 0L));
        for (String state : List.of("uploaded", "synced", "failed", "conflict")) {
            node.put(state, counts.getOrDefault(state, 0L));
        }
        return node.put("total", total);
    }

    /** What the server tells of them; before that has come down, what is known here. */
    private Reply conflicts(String table, WritesView.Page page) {
        ObjectNode data = JSON.createObjectNode();
        data.set("writes", JSON.valueToTree(view.writes(List.of("conflict"), table, page)));
        data.set("conflicts", JSON.valueToTree(view.conflicts(page)));
        return Reply.data(Reply.OK, data);
    }

    private boolean isAllowed(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        if (key.isEmpty() || header == null || !header.startsWith(BEARER)) {
            return false;
        }
        return MessageDigest.isEqual(
                key.getBytes(StandardCharsets.UTF_8),
                header.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8));
    }

    private static Reply document() throws IOException {
        try (InputStream in = LocalApi.class.getResourceAsStream(DOCUMENT)) {
            if (in == null) {
                throw new IOException("the program lacks " + DOCUMENT);
            }
            return new Reply(Reply.OK, JSON.readTree(in));
        }
    }

    private static RowImage body(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
        if (bytes.length > BODY_BYTES_MAX) {
            throw new IllegalArgumentException("a row has at most " + BODY_BYTES_MAX + " bytes");
        }
        return UploadCodec.row(new String(bytes, StandardCharsets.UTF_8));
    }

    private static Reply row(int status, RowImage row) {
        try {
            return Reply.data(status, JSON.readTree(UploadCodec.json(row)));
        } catch (IOException e) {
            throw new IllegalStateException("a row is JSON", e);
        }
    }

    private static Reply list(List<?> rows) {
        return Reply.data(Reply.OK, JSON.<JsonNode>valueToTree(rows));
    }

    private static Reply refused(Refused refusal) {
        String code = refusal.why().name();
        String message = String.valueOf(refusal.getMessage());
        return switch (refusal.why()) {
            case NO_SUCH_TABLE ->
                Reply.problem(Reply.NOT_FOUND, code, message, "the tables of this outlet stand in /status");
            case NO_SUCH_ROW, NOT_FAILED ->
                Reply.problem(Reply.NOT_FOUND, code, message, "look at the row, or the queue, again");
            case NOT_WRITABLE ->
                Reply.problem(Reply.FORBIDDEN, code, message, "declare the table writable in a shape of this outlet");
            case CONSTRAINT ->
                Reply.problem(
                        Reply.CONFLICT, code, message, "take another key, or give all columns that must have a value");
            case INVALID -> Reply.problem(Reply.INVALID, code, message, "see " + ROOT + DOCUMENT);
        };
    }

    private static Reply notFound() {
        return Reply.problem(Reply.NOT_FOUND, "NO_SUCH_PATH", "there is nothing here", "see " + ROOT + DOCUMENT);
    }

    private static Reply wrongMethod() {
        return Reply.problem(
                Reply.WRONG_METHOD, "WRONG_METHOD", "this path takes another method", "see " + ROOT + DOCUMENT);
    }

    private static WritesView.Page page(Map<String, String> query) {
        return new WritesView.Page(
                Integer.parseInt(query.getOrDefault("limit", String.valueOf(PAGE))),
                Integer.parseInt(query.getOrDefault("offset", "0")));
    }

    private static List<String> key(String part) {
        return new ArrayList<>(List.of(part.split(",", -1)));
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                query.put(
                        URLDecoder.decode(name, StandardCharsets.UTF_8),
                        URLDecoder.decode(value, StandardCharsets.UTF_8));
            }
        }
        return query;
    }
}
