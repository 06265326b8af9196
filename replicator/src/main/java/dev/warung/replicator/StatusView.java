package dev.warung.replicator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.warung.core.ops.OpsServer.Health;
import dev.warung.replicator.backup.TableStatus;
import dev.warung.replicator.follow.ReplicatorMetrics;
import dev.warung.replicator.follow.ReplicatorState;
import dev.warung.replicator.follow.ReplicatorStatus;
import dev.warung.replicator.outlets.OutletLag;
import dev.warung.replicator.outlets.OutletMonitor;
import dev.warung.replicator.routing.RoutingStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The replicator's state as JSON and as health. Thread: any. */
final class StatusView {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double HALF = 0.5;
    private static final double NEARLY_ALL = 0.99;

    private final ReplicatorMetrics metrics;
    private final InstantSource clock;
    private final Duration markerAgeMax;
    private final Supplier<String> lastVerificationJson;
    private final Supplier<OutletMonitor.Picture> outlets;

    /** @param lastVerificationJson a JSON value; {@code null} as text if there was none */
    StatusView(
            ReplicatorMetrics metrics,
            InstantSource clock,
            Duration markerAgeMax,
            Supplier<String> lastVerificationJson,
            Supplier<OutletMonitor.Picture> outlets) {
        this.metrics = metrics;
        this.clock = clock;
        this.markerAgeMax = markerAgeMax;
        this.lastVerificationJson = lastVerificationJson;
        this.outlets = outlets;
    }

    String json() {
        ReplicatorStatus status = metrics.status();
        ReplicatorStatus.Position position = status.position();
        Health health = ready();
        ObjectNode node = JSON.createObjectNode();
        node.put("role", "replicator");
        node.put("state", status.state().text());
        node.put("healthy", health.healthy());
        node.put("detail", health.detail());
        node.put("progress", status.progress());
        node.put("position", position.id().toString());
        node.put("commit", position.commit().toString());
        node.put("committedAtMs", position.committedAtUs() / 1000);
        node.put("epoch", position.id().epoch());
        node.put("isLevel", status.lag().isLevel());
        node.put("lagMs", metrics.lagMs());
        node.put("lagRows", status.lag().rows());
        node.put("lagBytes", status.lag().bytes());
        node.put("markerAgeMs", status.markerAgeMs(clock.millis()));
        ObjectNode latency = node.putObject("latency");
        percentile(latency, "p50Ms", metrics.latencyPercentile(HALF));
        percentile(latency, "p99Ms", metrics.latencyPercentile(NEARLY_ALL));
        node.put("changesTotal", position.changesTotal());
        node.put("transactionsTotal", position.transactionsTotal());
        node.put("sqliteWalBytes", status.lag().walBytes());
        ArrayNode tables = node.putArray("tables");
        status.tables().forEach(t -> table(tables.addObject(), t));
        routing(node.putObject("routing"), metrics.routing());
        OutletMonitor.Picture seen = outlets.get();
        ArrayNode all = node.putArray("outlets");
        seen.lags().forEach(lag -> outlet(all.addObject(), lag));
        node.put("outletsFailure", seen.failure());
        node.putRawValue("lastVerification", new RawValue(lastVerificationJson.get()));
        return node.toString();
    }

    Health live() {
        long silentMs = clock.millis() - metrics.lastAliveMs();
        return silentMs < Duration.ofMinutes(5).toMillis()
                ? new Health(true, "the replicator thread is at work")
                : new Health(false, "the replicator thread has not moved for " + silentMs / 1000 + " s");
    }

    Health ready() {
        ReplicatorStatus status = metrics.status();
        if (!status.failure().isEmpty()) {
            return new Health(false, status.failure());
        }
        if (status.state() != ReplicatorState.FOLLOWING && status.state() != ReplicatorState.HELD) {
            String progress = status.progress().isEmpty() ? "" : ": " + status.progress();
            return new Health(false, "the replicator " + status.state().says() + progress);
        }
        long ageMs = status.markerAgeMs(clock.millis());
        if (ageMs < 0) {
            return new Health(
                    false, "the initial copy is being applied; the backup shows nothing until it is complete");
        }
        if (ageMs > markerAgeMax.toMillis()) {
            return new Health(
                    false,
                    "the newest transaction in the backup is " + ageMs / 1000 + " s old, "
                            + (status.lag().isLevel()
                                    ? "and the log has nothing newer: is capture running? See warung status"
                                    : status.lag().rows() + " records wait in the log: it catches up"));
        }
        if (!metrics.whyRoutingIsLost().isEmpty()) {
            return new Health(
                    false,
                    metrics.whyRoutingIsLost()
                            + " This replicator follows without routing; stop one of the two, or start"
                            + " this one with --route-shapes false");
        }
        Map<String, String> broken = metrics.routing().broken();
        if (!broken.isEmpty()) {
            return new Health(
                    false,
                    broken.entrySet().stream()
                                    .map(e -> "shape " + e.getKey() + " cannot be routed: " + e.getValue())
                                    .collect(Collectors.joining("; "))
                            + "; correct it and run warung shapes apply");
        }
        return new Health(true, "follows the log, " + metrics.lagMs() + " ms behind");
    }

    private static void routing(ObjectNode node, RoutingStatus routing) {
        node.put("live", routing.live());
        node.put("filling", routing.filling());
        node.put("frozen", routing.frozen());
        node.put("outlets", routing.outlets());
        node.put("records", routing.records());
        node.put("refusedRows", routing.refusedRows());
        ObjectNode broken = node.putObject("broken");
        routing.broken().forEach(broken::put);
        routing.warnings().forEach(node.putArray("warnings")::add);
    }

    private static void table(ObjectNode node, TableStatus table) {
        node.put("name", table.name());
        node.put("table", table.schema().id().toString());
        node.put("state", table.state().name().toLowerCase(Locale.ROOT));
        node.put("visible", table.isVisible());
        node.put("generation", table.schema().generation());
        node.put("version", table.schema().version());
        node.put("since", Instant.ofEpochMilli(table.sinceMs()).toString());
        node.put("reason", table.reason());
    }

    private static void outlet(ObjectNode node, OutletLag lag) {
        node.put("code", lag.code());
        node.put("shapes", lag.feeds().size());
        node.put("behindRows", lag.rows());
        node.put("behindMs", lag.behindMs());
        lag.lastSeenMs()
                .ifPresent(at -> node.put("lastSeen", Instant.ofEpochMilli(at).toString()));
        node.put("applied", lag.applied());
    }

    private static void percentile(ObjectNode node, String name, double ms) {
        if (Double.isNaN(ms)) {
            node.putNull(name);
        } else {
            node.put(name, Math.round(ms * 100) / 100.0);
        }
    }
}
