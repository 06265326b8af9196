package dev.warung.capture;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.capture.copy.InitialCopy;
import dev.warung.capture.history.CatalogHistory;
import dev.warung.capture.publish.ChangeLog;
import dev.warung.capture.publish.DurablePosition;
import dev.warung.capture.publish.StreamProgress;
import dev.warung.core.ops.OpsServer.Health;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.SchemaRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What capture is doing, as JSON and as health. Thread: any. */
final class CaptureStatus {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final InstantSource clock;
    private final Duration markerAgeMax;
    private final StreamProgress progress = new StreamProgress();
    private volatile CaptureState state = CaptureState.STARTING;
    private volatile long stateSinceMs;
    private volatile @Nullable ChangeLog log;
    private volatile @Nullable SlotView slot;
    private volatile @Nullable InitialCopy copy;
    private volatile @Nullable PipelineException failure;
    private volatile long aliveMs;

    CaptureStatus(InstantSource clock, Duration markerAgeMax) {
        this.clock = clock;
        this.markerAgeMax = markerAgeMax;
        this.stateSinceMs = clock.millis();
        this.aliveMs = clock.millis();
    }

    StreamProgress progress() {
        return progress;
    }

    CaptureState state() {
        return state;
    }

    void state(CaptureState next) {
        if (state != next) {
            stateSinceMs = clock.millis();
        }
        state = next;
        aliveMs = clock.millis();
        if (next == CaptureState.STREAMING) {
            failure = null;
            copy = null;
        }
    }

    void failed(PipelineException thrown, CaptureState next) {
        failure = thrown;
        state(next);
    }

    void log(ChangeLog opened) {
        log = opened;
        alive();
    }

    void copy(InitialCopy begun) {
        copy = begun;
    }

    void slot(SlotView seen) {
        slot = seen;
        alive();
    }

    void alive() {
        aliveMs = clock.millis();
    }

    Optional<DurablePosition> durable() {
        return Optional.ofNullable(log).map(ChangeLog::durable);
    }

    Optional<SlotView> slot() {
        return Optional.ofNullable(slot);
    }

    /** Age of the newest heartbeat that came back through the stream; −1 if none did. */
    long markerAgeMs() {
        return progress.beat()
                .map(beat -> Math.max(0, clock.millis() - beat.commitMs()))
                .orElse(-1L);
    }

    /** How long the newest durable transaction took from PostgreSQL's commit to Kafka's, or how long nothing has come. */
    long lagMs() {
        long latency = progress.lastEnd()
                .map(end -> Math.max(0, progress.durableAtMs() - end.committedAtUs() / 1000))
                .orElse(0L);
        long markerAge = markerAgeMs();
        return markerAge > CaptureSettings.HEARTBEAT_INTERVAL.toMillis() * 2 ? Math.max(latency, markerAge) : latency;
    }

    Health live() {
        long silentMs = clock.millis() - aliveMs;
        return state == CaptureState.COPYING || silentMs < Duration.ofMinutes(5).toMillis()
                ? new Health(true, "capture is at work")
                : new Health(false, "capture has not moved for " + silentMs / 1000 + " s");
    }

    Health ready() {
        PipelineException thrown = failure;
        if (thrown != null) {
            return new Health(false, String.valueOf(thrown.getMessage()));
        }
        if (state != CaptureState.STREAMING) {
            return new Health(false, "capture is " + state.text());
        }
        long age = Math.max(markerAgeMs(), 0);
        long streaming = clock.millis() - stateSinceMs;
        if (Math.min(age == 0 && markerAgeMs() < 0 ? streaming : age, streaming) > markerAgeMax.toMillis()) {
            return new Health(
                    false,
                    "the newest heartbeat that came through PostgreSQL's log is " + age / 1000
                            + " s old: is the publication whole, and does a long transaction run?");
        }
        return new Health(true, "streams, " + lagMs() + " ms behind");
    }

    String json() {
        ObjectNode node = JSON.createObjectNode();
        Health health = ready();
        node.put("role", "capture");
        node.put("state", state.text());
        node.put("since", Instant.ofEpochMilli(stateSinceMs).toString());
        node.put("healthy", health.healthy());
        node.put("detail", health.detail());
        durable().ifPresent(position -> position(node, position));
        slot().ifPresent(seen -> slot(node, seen));
        node.put("lagMs", lagMs());
        node.put("markerAgeMs", markerAgeMs());
        node.put("changesTotal", progress.rows() + progress.copiedRows());
        node.put("replayedTotal", progress.replayedRows());
        node.put("kafkaTransactionsTotal", progress.kafkaTransactions());
        failure(node);
        InitialCopy running = copy;
        if (running != null) {
            node.put("copy", running.toString());
        }
        tables(node);
        return node.toString();
    }

    private static void position(ObjectNode node, DurablePosition position) {
        node.put("epoch", position.epoch());
        node.put("position", position.last().toString());
        node.put("commit", position.commit().toString());
    }

    private void slot(ObjectNode node, SlotView seen) {
        node.put("confirmed", seen.confirmed().toString());
        node.put("retainedWalBytes", seen.retainedWalBytes());
        node.put("slotStatus", seen.status());
        durable().ifPresent(position -> node.put("lagBytes", seen.walEnd().bytesSince(position.commit())));
    }

    private void failure(ObjectNode node) {
        PipelineException thrown = failure;
        if (thrown != null) {
            node.putObject("failure")
                    .put("code", thrown.code().name())
                    .put("message", thrown.getMessage())
                    .put("remedy", thrown.code().remedy());
        }
    }

    private void tables(ObjectNode node) {
        ChangeLog opened = log;
        ArrayNode tables = node.putArray("tables");
        ArrayNode refused = node.putArray("refused");
        if (opened == null) {
            return;
        }
        for (CatalogHistory.Entry entry : opened.history().tables()) {
            tables.addObject()
                    .put("table", entry.schema().id().toString())
                    .put("state", text(entry.state()))
                    .put("reason", entry.reason())
                    .put("since", Instant.ofEpochMilli(entry.sinceMs()).toString())
                    .put("generation", entry.schema().generation())
                    .put("version", entry.schema().version())
                    .put("topic", entry.schema().topic());
        }
        opened.history()
                .refused()
                .forEach((table, reason) ->
                        refused.addObject().put("table", table.toString()).put("reason", reason));
    }

    private static String text(SchemaRecord.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
