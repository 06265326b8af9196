package dev.warung.outlet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.warung.core.ops.OpsServer.Health;
import dev.warung.core.shape.Enrolment;
import dev.warung.outlet.link.OutletMetrics;
import dev.warung.outlet.link.OutletState;
import dev.warung.outlet.link.OutletStatus;
import dev.warung.outlet.replica.Feed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The outlet's state as JSON and as health. Thread: any. */
final class StatusView {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final double HALF = 0.5;
    private static final double NEARLY_ALL = 0.99;

    private final OutletMetrics metrics;
    private final InstantSource clock;
    private final Enrolment enrolment;

    StatusView(OutletMetrics metrics, InstantSource clock, Enrolment enrolment) {
        this.metrics = metrics;
        this.clock = clock;
        this.enrolment = enrolment;
    }

    String json() {
        OutletStatus status = metrics.status();
        Health health = ready();
        ObjectNode node = JSON.createObjectNode();
        node.put("role", "outlet");
        node.put("state", status.state().text());
        node.put("healthy", health.healthy());
        node.put("detail", health.detail());
        node.put("code", enrolment.code());
        node.put("id", enrolment.outlet().toString());
        node.put("name", status.name());
        node.put("generation", status.generation());
        node.put("complete", status.isComplete());
        node.put("lastContactMs", status.contactAtMs());
        node.put("committedAtMs", status.committedAtMs());
        node.put("lagMs", metrics.lagMs());
        node.put("lagRows", status.lagRows());
        ObjectNode latency = node.putObject("latency");
        percentile(latency, "p50Ms", metrics.latencyPercentile(HALF));
        percentile(latency, "p99Ms", metrics.latencyPercentile(NEARLY_ALL));
        node.put("sqliteWalBytes", status.walBytes());
        ObjectNode writes = node.putObject("writes");
        status.writes().forEach(writes::put);
        ArrayNode shapes = node.putArray("shapes");
        status.shapes().forEach(s -> shape(shapes.addObject(), s));
        ArrayNode tables = node.putArray("tables");
        status.tables().forEach(tables::add);
        return node.toString();
    }

    /** What the local API says of the outlet. */
    ObjectNode syncStatus() {
        OutletStatus status = metrics.status();
        ObjectNode node = JSON.createObjectNode();
        node.put("outletId", enrolment.outlet().toString());
        node.put("code", enrolment.code());
        node.put("name", status.name());
        node.put("enabled", status.state() != OutletState.DISABLED);
        node.put("state", status.state().text());
        node.put("complete", status.isComplete());
        if (status.contactAtMs() > 0) {
            node.put("lastSync", Instant.ofEpochMilli(status.contactAtMs()).toString());
        } else {
            node.putNull("lastSync");
        }
        return node;
    }

    /** {@code /healthz}: for programs that know no other path. */
    void healthz(HttpExchange exchange) throws IOException {
        Health health = ready();
        ObjectNode body = JSON.createObjectNode().put("success", health.healthy());
        body.putObject("data").put("healthy", health.healthy()).put("detail", health.detail());
        byte[] bytes = JSON.writeValueAsBytes(body);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(health.healthy() ? OK : UNAVAILABLE, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    Health live() {
        long silentMs = clock.millis() - metrics.lastAliveMs();
        return silentMs < Duration.ofMinutes(5).toMillis()
                ? new Health(true, "the outlet thread is at work")
                : new Health(false, "the outlet thread has not moved for " + silentMs / 1000 + " s");
    }

    /** An outlet that is offline is well: its file is there and says how old it is. */
    Health ready() {
        OutletStatus status = metrics.status();
        if (!status.failure().isEmpty()) {
            return new Health(false, status.failure());
        }
        if (status.state() == OutletState.DISABLED) {
            return new Health(false, "the outlet is disabled: warung outlets enable " + enrolment.code());
        }
        if (!status.isComplete()) {
            return new Health(
                    false, "the outlet " + status.state().says() + "; not all shapes can be seen" + progress(status));
        }
        if (status.state() == OutletState.OFFLINE) {
            return new Health(
                    true, "offline; shows what was last heard at " + Instant.ofEpochMilli(status.contactAtMs()));
        }
        return new Health(true, "the outlet " + status.state().says() + ", " + status.lagRows() + " records behind");
    }

    private static String progress(OutletStatus status) {
        StringBuilder text = new StringBuilder();
        for (OutletStatus.ShapeStatus shape : status.shapes()) {
            if (!shape.feed().isLive()) {
                text.append(", ")
                        .append(shape.feed().shape())
                        .append(' ')
                        .append(shape.feed().progress().nextOffset())
                        .append('/')
                        .append(shape.endOffset());
            }
        }
        return text.toString();
    }

    private static void shape(ObjectNode node, OutletStatus.ShapeStatus shape) {
        Feed feed = shape.feed();
        node.put("shape", feed.shape());
        node.put("phase", feed.phase().text());
        node.put("behind", shape.isBehind());
        node.put("waits", shape.waits());
        node.put("topic", feed.topic());
        node.put("generation", feed.source().generation());
        node.put("position", feed.progress().end().id().toString());
        node.put("committedAtMs", feed.progress().end().committedAtUs() / 1000);
        node.put("completeAtMs", feed.progress().levelAtMs());
        node.put("offset", feed.progress().nextOffset());
        node.put("endOffset", shape.endOffset());
        node.put("lagRows", shape.lagRows());
    }

    private static void percentile(ObjectNode node, String name, double ms) {
        if (Double.isNaN(ms)) {
            node.putNull(name);
        } else {
            node.put(name, Math.round(ms * 100) / 100.0);
        }
    }
}
