package dev.warung.intake;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.core.ops.OpsServer.Health;
import dev.warung.core.upload.apply.OpStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;

/** The state of intake as JSON and as health. Thread: any. */
final class StatusView {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration STALLED_AFTER = Duration.ofMinutes(15);

    private final IntakeMetrics metrics;
    private final InstantSource clock;
    private final long startedMs;

    StatusView(IntakeMetrics metrics, InstantSource clock) {
        this.metrics = metrics;
        this.clock = clock;
        this.startedMs = clock.millis();
    }

    String json() {
        Health health = ready();
        ObjectNode node = JSON.createObjectNode();
        node.put("role", "intake");
        node.put("healthy", health.healthy());
        node.put("detail", health.detail());
        node.put("uploads", metrics.uploads());
        ObjectNode ops = node.putObject("ops");
        for (OpStatus status : OpStatus.values()) {
            ops.put(status.name().toLowerCase(Locale.ROOT), metrics.ops(status));
        }
        return node.toString();
    }

    Health live() {
        long idleMs = clock.millis() - Math.max(startedMs, metrics.progressMs());
        return idleMs < STALLED_AFTER.toMillis()
                ? new Health(true, "running")
                : new Health(false, "no progress for " + idleMs / 1000 + " s: restart it");
    }

    Health ready() {
        if (!metrics.failure().isEmpty()) {
            return new Health(false, "uploads wait: " + metrics.failure());
        }
        return metrics.progressMs() == 0 ? new Health(false, "it has not met Kafka yet") : live();
    }
}
