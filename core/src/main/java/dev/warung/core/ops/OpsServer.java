package dev.warung.core.ops;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The HTTP port of a role: {@code /metrics} for Prometheus, {@code /health/live}, {@code /health/ready}, {@code /status} as JSON, and what
 * the role adds.
 *
 * <p>Thread: handlers run on a small pool of their own, so suppliers must be safe to call from any thread.
 */
public final class OpsServer implements AutoCloseable {

    private static final int THREADS = 4;
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final HttpServer server;
    private final ExecutorService pool;

    private OpsServer(HttpServer server, ExecutorService pool) {
        this.server = server;
        this.pool = pool;
    }

    /**
     * Whether something is well, with the cause and the remedy if not.
     *
     * @param detail one line for people
     */
    public record Health(boolean healthy, String detail) {}

    /** What a role shows. */
    public record Views(
            PrometheusMeterRegistry metrics,
            Supplier<Health> live,
            Supplier<Health> ready,
            Supplier<String> statusJson) {}

    /**
     * Opens the port; 0 takes a free one.
     *
     * @throws UncheckedIOException if the address cannot be bound
     */
    public static OpsServer start(InetSocketAddress address, Views views) {
        try {
            HttpServer server = HttpServer.create(address, 0);
            // Here and not in each role's metrics: every role is asked in the same way whether it is well.
            Gauge.builder("cdc_role_ready", () -> views.ready().get().healthy() ? 1 : 0)
                    .description("1 while /health/ready says that the role is well")
                    .register(views.metrics());
            ExecutorService pool = Executors.newFixedThreadPool(THREADS, OpsServer::daemon);
            server.setExecutor(pool);
            server.createContext(
                    "/metrics",
                    e -> reply(
                            e, OK, "text/plain; version=0.0.4", views.metrics().scrape()));
            server.createContext("/health/live", e -> health(e, views.live().get()));
            server.createContext("/health/ready", e -> health(e, views.ready().get()));
            server.createContext(
                    "/status",
                    e -> reply(e, OK, "application/json", views.statusJson().get()));
            server.start();
            return new OpsServer(server, pool);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the HTTP port " + address + ": " + e.getMessage(), e);
        }
    }

    /** Adds a handler for a path. */
    public void handle(String path, HttpHandler handler) {
        server.createContext(path, handler);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        pool.shutdownNow();
    }

    private static void health(HttpExchange exchange, Health health) throws IOException {
        reply(exchange, health.healthy() ? OK : UNAVAILABLE, "text/plain; charset=utf-8", health.detail() + "\n");
    }

    private static void reply(HttpExchange exchange, int status, String type, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "ops-http");
        thread.setDaemon(true);
        return thread;
    }
}
