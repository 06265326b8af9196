package dev.warung.bench.fleet;

import dev.warung.bench.Machine;
import dev.warung.bench.measure.BenchException;
import dev.warung.bench.measure.Meter;
import dev.warung.bench.measure.ProcessUsage;
import dev.warung.bench.measure.Wait;
import dev.warung.bench.stage.BenchServers;
import dev.warung.bench.stage.BenchSetup;
import dev.warung.bench.stage.RolePair;
import dev.warung.core.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A change each second on a shape that all outlets share; then all of them lose the broker and come back at the same moment. */
public final class OutletsBench {

    private static final String PREFIX = "bench";
    private static final Duration ARRIVAL_LIMIT = Duration.ofMinutes(2);
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofSeconds(15);
    private static final Duration AWAY = Duration.ofSeconds(5);
    private static final Duration AFTER = Duration.ofSeconds(10);

    private final BenchSetup setup;
    private final Load load;
    private final InstantSource clock;
    private final Consumer<String> progress;

    /** How many outlets, and how long the measured part is. */
    public record Load(int outlets, Duration length) {
        public Load {
            if (outlets < 1 || length.isNegative() || length.isZero()) {
                throw new BenchException("--count must be at least 1, --seconds too");
            }
        }
    }

    private OutletsBench(BenchSetup setup, Load load, InstantSource clock, Consumer<String> progress) {
        this.setup = setup;
        this.load = load;
        this.clock = clock;
        this.progress = progress;
    }

    /** @param progress told what is being done, for a person who waits */
    public static OutletsReport run(BenchSetup setup, Load load, InstantSource clock, Consumer<String> progress) {
        return new OutletsBench(setup, load, clock, progress).run();
    }

    private OutletsReport run() {
        progress.accept("starting PostgreSQL and Kafka");
        try (BenchServers servers = BenchServers.start(setup)) {
            FleetSetup fleetSetup = new FleetSetup(servers);
            fleetSetup.createTable();
            try (RolePair roles = RolePair.start(servers, setup, PREFIX)) {
                roles.awaitStreaming();
                progress.accept("adding " + load.outlets() + " outlets");
                long startedAt = System.nanoTime();
                List<String> codes = fleetSetup.createOutlets(load.outlets());
                Topics topics = new Topics(PREFIX);
                String kafka = servers.kafka().bootstrapServers();
                FleetTopics from = FleetTopics.await(kafka, topics, codes, progress);
                double setupSeconds = (System.nanoTime() - startedAt) / 1e9;
                try (LightFleet fleet = LightFleet.start(kafka, topics, from, clock)) {
                    OutletsReport report = measure(new Scene(servers, roles, fleetSetup, fleet), setupSeconds);
                    servers.done();
                    return report;
                }
            }
        }
    }

    private record Scene(BenchServers servers, RolePair roles, FleetSetup source, LightFleet fleet) {
        Meter meter() {
            return new Meter()
                    .with("capture", roles.capture().pid())
                    .with("replicator", roles.replicator().pid())
                    .with("kafka", servers.kafka().pid())
                    .with("fleet", ProcessHandle.current().pid());
        }
    }

    private OutletsReport measure(Scene scene, double setupSeconds) {
        progress.accept("warming up");
        change(scene, WARM_UP);
        progress.accept("idle for " + IDLE.toSeconds() + " s");
        Meter idle = scene.meter().start();
        Wait.during(IDLE);
        Meter.Reading idleReading = idle.stop();
        progress.accept("a change each second for " + load.length().toSeconds() + " s");
        Meter meter = scene.meter().start();
        OutletsReport.Arrivals measured = change(scene, load.length());
        Meter.Reading reading = meter.stop();
        OutletsReport.Herd herd = herd(scene);
        progress.accept("a change each second after the herd");
        OutletsReport.Arrivals after = change(scene, AFTER);
        Map<String, Long> peakRss = new LinkedHashMap<>();
        peakRss.put(
                "replicator",
                ProcessUsage.peakRssBytes(scene.roles().replicator().pid()));
        peakRss.put("kafka", ProcessUsage.peakRssBytes(scene.servers().kafka().pid()));
        return new OutletsReport(
                load,
                Machine.of(setup.javaHome()),
                setupSeconds,
                new OutletsReport.Phases(measured, after, herd),
                new OutletsReport.Costs(idleReading, reading, peakRss));
    }

    /** One change each second; returns when every outlet has all of them. */
    private OutletsReport.Arrivals change(Scene scene, Duration length) {
        Deliveries deliveries = scene.fleet().deliveries();
        deliveries.take();
        long expected = (long) scene.source().changeFor(length) * load.outlets();
        Wait.until("the last changes in all outlets", ARRIVAL_LIMIT, () -> {
            scene.fleet().check();
            return deliveries.count() >= expected;
        });
        return new OutletsReport.Arrivals(expected, deliveries.take(), deliveries.takeLost());
    }

    private OutletsReport.Herd herd(Scene scene) {
        progress.accept("all outlets lose the broker for " + AWAY.toSeconds() + " s");
        scene.fleet().disconnect();
        scene.source().changeFor(AWAY);
        long lastUs = scene.source().change();
        Deliveries deliveries = scene.fleet().deliveries();
        deliveries.await(lastUs);
        progress.accept("all outlets come back");
        Meter meter = scene.meter().start();
        long startUs = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
        scene.fleet().reconnect();
        Wait.until("all outlets after the herd", ARRIVAL_LIMIT, () -> {
            scene.fleet().check();
            return deliveries.caughtUp() >= load.outlets();
        });
        Meter.Reading reading = meter.stop();
        long[] backUs = deliveries.caughtUpAtUs();
        for (int i = 0; i < backUs.length; i++) {
            backUs[i] -= startUs;
        }
        return new OutletsReport.Herd(backUs, deliveries.takeLost(), reading);
    }
}
