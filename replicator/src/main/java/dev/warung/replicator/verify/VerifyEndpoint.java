package dev.warung.replicator.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /verify} or {@code POST /verify?table=T}: runs a verification and streams its events, one JSON object a line. A client that
 * goes away ends it. Answers 409 while another runs, 503 if there is no PostgreSQL to compare with.
 *
 * <p>Thread: any.
 */
public final class VerifyEndpoint implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(VerifyEndpoint.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int CONFLICT = 409;
    private static final int UNAVAILABLE = 503;
    private static final String TABLE = "table=";

    private final Optional<Verifier> verifier;
    private final Consumer<VerifyReport> whenDone;
    private volatile @Nullable VerifyReport last;

    /**
     * @param verifier empty if the replicator was told of no PostgreSQL
     * @param whenDone hears of each comparison that was made
     */
    public VerifyEndpoint(Optional<Verifier> verifier, Consumer<VerifyReport> whenDone) {
        this.verifier = verifier;
        this.whenDone = whenDone;
    }

    /** The last report as JSON; {@code null} as text if there is none. */
    public String lastJson() {
        return json(last);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("POST")) {
                refuse(exchange, METHOD_NOT_ALLOWED, "use POST");
            } else if (verifier.isEmpty()) {
                refuse(exchange, UNAVAILABLE, "the replicator does not know PostgreSQL: start it with --postgres-url");
            } else {
                verify(exchange, verifier.get());
            }
        }
    }

    private void verify(HttpExchange exchange, Verifier one) throws IOException {
        EventStream events = new EventStream(exchange);
        try {
            VerifyReport report = one.verify(table(exchange), events::send);
            last = report;
            whenDone.accept(report);
            LOG.info("Verified {} tables at {}: {}", report.tables(), report.position(), outcome(report));
        } catch (Verifier.BusyException e) {
            refuse(exchange, CONFLICT, e.getMessage());
        } catch (UncheckedIOException e) {
            LOG.info("Verification ended: nobody listens any more");
        } catch (PipelineException e) {
            events.fail(e.code(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            events.fail(ErrorCode.VERIFY_IMPOSSIBLE, "the replicator stops");
        } catch (RuntimeException e) {
            LOG.error("Verification failed", e);
            events.fail(ErrorCode.UNEXPECTED, e.toString());
        }
    }

    private static String outcome(VerifyReport report) {
        return report.identical()
                ? "identical"
                : "NOT identical, " + report.problems().size() + " tables";
    }

    private static Optional<String> table(HttpExchange exchange) {
        String query = exchange.getRequestURI().getRawQuery();
        return query != null && query.startsWith(TABLE) && query.length() > TABLE.length()
                ? Optional.of(URLDecoder.decode(query.substring(TABLE.length()), StandardCharsets.UTF_8))
                : Optional.empty();
    }

    private static void refuse(HttpExchange exchange, int status, @Nullable String reason) throws IOException {
        byte[] body = (reason + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static String json(@Nullable Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event is always JSON", e);
        }
    }

    /** The answer; its head is sent with the first event, so that a refusal can have a status of its own. */
    private static final class EventStream {

        private final HttpExchange exchange;
        private @Nullable OutputStream body;

        EventStream(HttpExchange exchange) {
            this.exchange = exchange;
        }

        void send(VerifyEvent event) {
            try {
                OutputStream out = body;
                if (out == null) {
                    exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
                    exchange.sendResponseHeaders(OK, 0);
                    out = exchange.getResponseBody();
                    body = out;
                }
                out.write((json(event) + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void fail(ErrorCode code, @Nullable String message) {
            try {
                send(new VerifyEvent.Failure(code.name(), String.valueOf(message)));
            } catch (UncheckedIOException e) {
                LOG.info("Verification failed and nobody listens any more: {}", message);
            }
        }
    }
}
