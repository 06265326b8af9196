package dev.warung.outlet;

import dev.warung.core.change.ChangeId;
import dev.warung.core.shape.Enrolment;
import dev.warung.core.wire.Topics;
import dev.warung.outlet.link.Outlet;
import dev.warung.outlet.link.OutletConnection;
import dev.warung.outlet.link.OutletMetrics;
import dev.warung.outlet.link.OutletStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** An outlet on a thread of its own. */
final class RunningOutlet implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(60);

    private final Outlet outlet;
    private final OutletMetrics metrics;
    private final Thread thread;

    RunningOutlet(String kafka, Topics topics, Path file, InstantSource clock) {
        metrics = new OutletMetrics(new SimpleMeterRegistry(), clock);
        Enrolment enrolment = new Enrolment(kafka, topics.prefix(), ShapeWriter.OUTLET, ShapeWriter.CODE, Map.of());
        outlet = new Outlet(
                new Outlet.Options(file, enrolment, Duration.ofSeconds(1)),
                () -> OutletConnection.open(
                        Map.of("bootstrap.servers", kafka),
                        topics.monitoringGroup("outlet", ShapeWriter.CODE),
                        new OutletConnection.OwnTopics(
                                topics.outlet(ShapeWriter.CODE), topics.upload(ShapeWriter.CODE))),
                metrics,
                clock,
                new Random(1));
        thread = new Thread(this::run, "outlet");
        thread.start();
    }

    static RunningOutlet start(String kafka, Topics topics, Path file) {
        return new RunningOutlet(kafka, topics, file, InstantSource.system());
    }

    OutletStatus status() {
        return metrics.status();
    }

    OutletMetrics metrics() {
        return metrics;
    }

    void await(Predicate<OutletStatus> condition) {
        Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> condition.test(status()));
    }

    /** Until the file shows a shape at this mark. */
    static void awaitPosition(Path file, String shape, ChangeId id) {
        Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(() ->
                        id.toString().equals(OutletDump.of(file).positions().get(shape)));
    }

    private void run() {
        try {
            outlet.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        outlet.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
