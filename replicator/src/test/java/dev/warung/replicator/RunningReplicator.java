package dev.warung.replicator;

import dev.warung.core.wire.Topics;
import dev.warung.replicator.follow.ApplyGate;
import dev.warung.replicator.follow.FollowOptions;
import dev.warung.replicator.follow.Replicator;
import dev.warung.replicator.follow.ReplicatorMetrics;
import dev.warung.replicator.follow.ReplicatorStatus;
import dev.warung.replicator.log.LogConnection;
import dev.warung.replicator.routing.RouterOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.awaitility.Awaitility;

/** A replicator on a thread of its own. */
final class RunningReplicator implements AutoCloseable {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Replicator replicator;
    private final ReplicatorMetrics metrics;
    private final Thread thread;

    RunningReplicator(String kafka, Topics topics, Path file, Duration followWithin) {
        metrics = new ReplicatorMetrics(registry, InstantSource.system());
        replicator = new Replicator(
                new Replicator.Options(
                        file,
                        topics,
                        new FollowOptions(500, Duration.ofMillis(100), 1 << 20),
                        followWithin,
                        Duration.ofSeconds(1),
                        Optional.of(new RouterOptions(
                                topics,
                                Map.of("bootstrap.servers", kafka),
                                new RouterOptions.TopicOptions(
                                        (short) 1, Duration.ofDays(7), Duration.ofDays(35), 1 << 20),
                                Duration.ofMinutes(1),
                                1 << 20))),
                () -> new LogConnection(Map.of("bootstrap.servers", kafka), "test"),
                metrics,
                InstantSource.system(),
                new Random(1));
        thread = new Thread(this::run, "replicator");
        thread.start();
    }

    static RunningReplicator start(String kafka, Topics topics, Path file) {
        return new RunningReplicator(kafka, topics, file, Duration.ofDays(1));
    }

    ReplicatorStatus status() {
        return metrics.status();
    }

    ReplicatorMetrics metrics() {
        return metrics;
    }

    /** Of the backup, since the start. */
    long commits() {
        return registry.get("cdc_replicator_apply_seconds").timer().count();
    }

    ApplyGate gate() {
        return replicator.gate();
    }

    void awaitPosition(String changeId) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> status().position().id().toString().equals(changeId));
    }

    private void run() {
        try {
            replicator.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        replicator.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        metrics.close();
    }
}
