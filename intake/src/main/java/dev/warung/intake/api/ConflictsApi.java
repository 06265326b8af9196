package dev.warung.intake.api;

import static dev.warung.core.wire.ApiReply.JSON;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.warung.core.change.TableId;
import dev.warung.core.ops.ApiRequest;
import dev.warung.core.upload.apply.RefusedException;
import dev.warung.core.wire.ApiReply;
import dev.warung.core.wire.UploadCodec;
import dev.warung.intake.rows.ConflictDesk;
import dev.warung.intake.rows.PassingException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/v1/conflicts…}, for programs that know the key; nobody may use it where there is none.
 *
 * <p>Thread: any; each call has a session of PostgreSQL of its own.
 */
public final class ConflictsApi implements HttpHandler {

    /** Where it answers. */
    public static final String ROOT = "/api/v1/";

    private static final Logger LOG = LoggerFactory.getLogger(ConflictsApi.class);
    private static final String DOCUMENT = "openapi.json";
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final int PAGE = 100;
    private static final int PAGE_MAX = 1_000;
    private static final List<String> STATES = List.of("open", "resolved", "all");

    private final String key;
    private final Supplier<ConflictDesk> desks;

    /**
     * @param key whoever knows it may use the interface; nobody if it is empty
     * @param desks opens a session
     */
    public ConflictsApi(String key, Supplier<ConflictDesk> desks) {
        this.key = key;
        this.desks = desks;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        ApiRequest request = ApiRequest.of(exchange, ROOT);
        ApiReply reply = reply(request);
        request.reply(reply.status(), reply.bytes());
    }

    private ApiReply reply(ApiRequest request) throws IOException {
        if (request.parts().equals(List.of(DOCUMENT))) {
            return document();
        }
        if (!request.knows(key)) {
            return ApiReply.problem(
                    ApiReply.UNAUTHORIZED,
                    "UNAUTHORIZED",
                    key.isEmpty() ? "this intake has no API key" : "the API key is missing or wrong",
                    "start intake with --api-key, and send it as 'Authorization: Bearer KEY'");
        }
        try {
            return conflicts(request);
        } catch (IllegalArgumentException e) {
            return ApiReply.problem(
                    ApiReply.INVALID, "INVALID", String.valueOf(e.getMessage()), "see " + ROOT + DOCUMENT);
        } catch (RefusedException e) {
            return refused(e);
        } catch (PassingException e) {
            LOG.warn("{} {}: {}", request.method(), request.parts(), e.getMessage());
            return ApiReply.problem(
                    ApiReply.UNAVAILABLE,
                    "UNAVAILABLE",
                    "PostgreSQL does not answer, or the row is locked: " + e.getMessage(),
                    "try again");
        }
    }

    private ApiReply conflicts(ApiRequest request) throws IOException {
        List<String> parts = request.parts();
        if (!parts.get(0).equals("conflicts")
                || parts.size() > 3
                || parts.size() == 3 && !parts.get(2).equals("resolve")) {
            return ApiReply.problem(
                    ApiReply.NOT_FOUND, "NO_SUCH_PATH", "there is nothing here", "see " + ROOT + DOCUMENT);
        }
        if (request.is("GET", 1)) {
            return list(filter(request));
        }
        if (request.is("GET", 2)) {
            UUID id = UUID.fromString(parts.get(1));
            return with(desk -> desk.find(id))
                    .map(entry -> ApiReply.data(ApiReply.OK, ConflictJson.of(entry)))
                    .orElseGet(() -> unknown("There is no conflict " + id + "."));
        }
        if (request.is("POST", 3)) {
            return resolve(UUID.fromString(parts.get(1)), request);
        }
        return ApiReply.problem(
                ApiReply.WRONG_METHOD, "WRONG_METHOD", "this path takes another method", "see " + ROOT + DOCUMENT);
    }

    private static ConflictDesk.Filter filter(ApiRequest request) {
        String state = request.query().getOrDefault("state", "open");
        int limit = request.number("limit", PAGE);
        int offset = request.number("offset", 0);
        if (!STATES.contains(state) || limit < 1 || limit > PAGE_MAX || offset < 0) {
            throw new IllegalArgumentException(
                    "state is open, resolved or all; limit is 1 to " + PAGE_MAX + ", offset not negative");
        }
        return new ConflictDesk.Filter(
                Optional.ofNullable(request.query().get("outlet")),
                Optional.of(state).filter(wanted -> !wanted.equals("all")),
                Optional.ofNullable(request.query().get("table")).map(TableId::parse),
                limit,
                offset);
    }

    private ApiReply list(ConflictDesk.Filter filter) {
        ArrayNode rows = JSON.createArrayNode();
        with(desk -> desk.list(filter)).forEach(entry -> rows.add(ConflictJson.of(entry)));
        return ApiReply.data(ApiReply.OK, rows);
    }

    private ApiReply resolve(UUID id, ApiRequest request) throws IOException {
        JsonNode body = json(request);
        ConflictDesk.Choice choice = choice(body);
        String by = body.path("by").asText("api");
        return ApiReply.data(ApiReply.OK, ConflictJson.of(with(desk -> desk.resolve(id, choice, by))));
    }

    private static ConflictDesk.Choice choice(JsonNode body) {
        JsonNode values = body.path("values");
        String resolution = body.path("resolution").asText("");
        if (values.isObject() && (resolution.isEmpty() || resolution.equals("merged"))) {
            return new ConflictDesk.Choice.Merged(UploadCodec.row(values.toString()));
        }
        return switch (resolution) {
            case "server_wins" -> new ConflictDesk.Choice.Server();
            case "client_wins" -> new ConflictDesk.Choice.Client();
            default ->
                throw new IllegalArgumentException("a decision is {\"resolution\": \"server_wins\"}, {\"resolution\":"
                        + " \"client_wins\"} or {\"values\": {…}}");
        };
    }

    private static JsonNode json(ApiRequest request) throws IOException {
        try {
            return JSON.readTree(request.body(BODY_BYTES_MAX));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the body is not JSON", e);
        }
    }

    private <T> T with(Function<ConflictDesk, T> work) {
        try (ConflictDesk desk = desks.get()) {
            return work.apply(desk);
        }
    }

    private static ApiReply refused(RefusedException e) {
        String reason = e.refusal().reason();
        return e.refusal().code().equals("unknown")
                ? unknown(reason)
                : ApiReply.problem(
                        ApiReply.CONFLICT,
                        e.refusal().code().toUpperCase(Locale.ROOT),
                        reason,
                        e.refusal().detail().isEmpty()
                                ? "look at the conflict again"
                                : e.refusal().detail());
    }

    private static ApiReply unknown(String reason) {
        return ApiReply.problem(ApiReply.NOT_FOUND, "NO_SUCH_CONFLICT", reason, "look at the list of conflicts again");
    }

    private static ApiReply document() throws IOException {
        try (InputStream in = ConflictsApi.class.getResourceAsStream(DOCUMENT)) {
            if (in == null) {
                throw new IOException("the program lacks " + DOCUMENT);
            }
            return new ApiReply(ApiReply.OK, JSON.readTree(in));
        }
    }
}
