package dev.warung.outlet.api;

import static dev.warung.core.wire.ApiReply.JSON;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.warung.core.ops.ApiRequest;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.upload.Decision;
import dev.warung.core.upload.RowImage;
import dev.warung.core.wire.ApiReply;
import dev.warung.core.wire.UploadCodec;
import dev.warung.outlet.replica.AppWrites;
import dev.warung.outlet.replica.AppWrites.Refused;
import dev.warung.outlet.replica.WritesView;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
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
        ApiRequest request = ApiRequest.of(exchange, ROOT);
        ApiReply reply = reply(request);
        request.reply(reply.status(), reply.bytes());
    }

    private ApiReply reply(ApiRequest request) throws IOException {
        List<String> parts = request.parts();
        if (parts.equals(List.of(DOCUMENT))) {
            return document();
        }
        if (!request.knows(key)) {
            return ApiReply.problem(
                    ApiReply.UNAUTHORIZED,
                    "UNAUTHORIZED",
                    key.isEmpty() ? "this outlet has no API key" : "the API key is missing or wrong",
                    "start the outlet with --api-key, and send it as 'Authorization: Bearer KEY'");
        }
        try {
            return parts.get(0).equals("tables") ? tables(request, parts) : sync(request, parts);
        } catch (Refused e) {
            return refused(e);
        } catch (IllegalArgumentException e) {
            return ApiReply.problem(
                    ApiReply.INVALID, "INVALID", String.valueOf(e.getMessage()), "see " + ROOT + DOCUMENT);
        } catch (PipelineException e) {
            LOG.warn("{} {}: {}", request.method(), parts, e.getMessage());
            return ApiReply.problem(
                    ApiReply.UNAVAILABLE,
                    e.code().name(),
                    String.valueOf(e.getMessage()),
                    e.code().remedy());
        }
    }

    private ApiReply sync(ApiRequest request, List<String> parts) throws IOException {
        String what = parts.size() > 1 && parts.get(0).equals("sync") ? parts.get(1) : "";
        boolean isGet = request.is("GET", 2);
        WritesView.Page page = new WritesView.Page(request.number("limit", PAGE), request.number("offset", 0));
        String table = request.query().getOrDefault("table", "");
        return switch (what) {
            case "status" -> isGet ? ApiReply.data(ApiReply.OK, status()) : wrongMethod();
            case "queue" -> isGet ? list(view.writes(QUEUED, table, page)) : wrongMethod();
            case "failed" -> isGet ? list(view.writes(List.of("failed"), table, page)) : wrongMethod();
            case "conflicts" -> isGet ? conflicts(table, page) : wrongMethod();
            case "logs" -> isGet ? list(view.logs(page)) : wrongMethod();
            case "trigger" -> {
                if (!request.is("POST", 2)) {
                    yield wrongMethod();
                }
                trigger.run();
                yield ApiReply.data(ApiReply.OK, status());
            }
            case "retry" -> {
                if (!request.is("POST", 3)) {
                    yield wrongMethod();
                }
                writes.retry(UUID.fromString(parts.get(2)));
                yield ApiReply.data(ApiReply.OK, JSON.createObjectNode().put("id", parts.get(2)));
            }
            case "resolve" -> request.is("POST", 3) ? resolve(UUID.fromString(parts.get(2)), request) : wrongMethod();
            default -> notFound();
        };
    }

    private ApiReply resolve(UUID id, ApiRequest request) throws IOException {
        JsonNode body = json(request);
        JsonNode values = body.path("values");
        String resolution = body.path("resolution").asText(values.isObject() ? "merged" : "");
        boolean isMerged = resolution.equals("merged");
        if (!List.of("server_wins", "client_wins", "merged").contains(resolution) || isMerged != values.isObject()) {
            throw new IllegalArgumentException("a decision is {\"resolution\": \"server_wins\"}, {\"resolution\":"
                    + " \"client_wins\"} or {\"values\": {…}}");
        }
        Optional<String> columns =
                isMerged ? Optional.of(UploadCodec.json(UploadCodec.row(values.toString()))) : Optional.empty();
        return row(
                ApiReply.OK,
                writes.resolve(id, Decision.Resolution.valueOf(resolution.toUpperCase(Locale.ROOT)), columns));
    }

    private static JsonNode json(ApiRequest request) throws IOException {
        try {
            return JSON.readTree(request.body(BODY_BYTES_MAX));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the body is not JSON", e);
        }
    }

    private ApiReply tables(ApiRequest request, List<String> parts) throws IOException {
        if (request.is("POST", 2)) {
            return row(ApiReply.CREATED, writes.insert(parts.get(1), body(request)));
        }
        if (request.is("PUT", 3)) {
            return row(ApiReply.OK, writes.update(parts.get(1), key(parts.get(2)), body(request)));
        }
        if (request.is("DELETE", 3)) {
            writes.delete(parts.get(1), key(parts.get(2)));
            return ApiReply.data(ApiReply.OK, JSON.createObjectNode());
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
    private ApiReply conflicts(String table, WritesView.Page page) {
        ObjectNode data = JSON.createObjectNode();
        data.set("writes", JSON.valueToTree(view.writes(List.of("conflict"), table, page)));
        data.set("conflicts", JSON.valueToTree(view.conflicts(page)));
        return ApiReply.data(ApiReply.OK, data);
    }

    private static ApiReply document() throws IOException {
        try (InputStream in = LocalApi.class.getResourceAsStream(DOCUMENT)) {
            if (in == null) {
                throw new IOException("the program lacks " + DOCUMENT);
            }
            return new ApiReply(ApiReply.OK, JSON.readTree(in));
        }
    }

    private static RowImage body(ApiRequest request) throws IOException {
        return UploadCodec.row(request.body(BODY_BYTES_MAX));
    }

    private static ApiReply row(int status, RowImage row) {
        try {
            return ApiReply.data(status, JSON.readTree(UploadCodec.json(row)));
        } catch (IOException e) {
            throw new IllegalStateException("a row is JSON", e);
        }
    }

    private static ApiReply list(List<?> rows) {
        return ApiReply.data(ApiReply.OK, JSON.<JsonNode>valueToTree(rows));
    }

    private static ApiReply refused(Refused refusal) {
        String code = refusal.why().name();
        String message = String.valueOf(refusal.getMessage());
        return switch (refusal.why()) {
            case NO_SUCH_TABLE ->
                ApiReply.problem(ApiReply.NOT_FOUND, code, message, "the tables of this outlet stand in /status");
            case NO_SUCH_ROW, NOT_FAILED ->
                ApiReply.problem(ApiReply.NOT_FOUND, code, message, "look at the row, or the queue, again");
            case NOT_WRITABLE ->
                ApiReply.problem(
                        ApiReply.FORBIDDEN, code, message, "declare the table writable in a shape of this outlet");
            case CONSTRAINT ->
                ApiReply.problem(
                        ApiReply.CONFLICT,
                        code,
                        message,
                        "take another key, or give all columns that must have a value");
            case INVALID -> ApiReply.problem(ApiReply.INVALID, code, message, "see " + ROOT + DOCUMENT);
        };
    }

    private static ApiReply notFound() {
        return ApiReply.problem(ApiReply.NOT_FOUND, "NO_SUCH_PATH", "there is nothing here", "see " + ROOT + DOCUMENT);
    }

    private static ApiReply wrongMethod() {
        return ApiReply.problem(
                ApiReply.WRONG_METHOD, "WRONG_METHOD", "this path takes another method", "see " + ROOT + DOCUMENT);
    }

    private static List<String> key(String part) {
        return new ArrayList<>(List.of(part.split(",", -1)));
    }
}
