package dev.warung.bench;

import dev.warung.bench.load.BenchTable;
import dev.warung.bench.load.OpenLoopLoad;
import dev.warung.bench.measure.BenchException;
import dev.warung.bench.measure.Meter;
import dev.warung.bench.measure.ProcessUsage;
import dev.warung.bench.measure.Wait;
import dev.warung.bench.stage.ArrivalWatch;
import dev.warung.bench.stage.BenchServers;
import dev.warung.bench.stage.LogWatch;
import dev.warung.bench.stage.OutletRoles;
import dev.warung.bench.stage.RawWatch;
import dev.warung.bench.stage.RolePair;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How long a row takes from PostgreSQL's commit until SQLite shows it, at a fixed rate of one-row transactions; and, in the same runs,
 * until a plain replication client has it. Both from the commit time that PostgreSQL itself notes.
 */
public final class LatencyBench {
    private static final Duration ARRIVAL_LIMIT = Duration.ofMinutes(2);
    private static final Duration IDLE = Duration.ofSeconds(15);
    private static final String PREFIX = "bench";
    private static final String PUBLICATION = "bench_readers";
    private static final int WARM_UP_ROWS = 100_000;
    private static final int WARM_UP_TRANSACTION = 100;
    /** The JIT counts calls: at a low rate it would still be compiling while it is measured. */
    private static final int WARM_UP_RATE = 1_000;

    private final BenchOptions options;
    private final Load load;
    private final InstantSource clock;
    private final Consumer<String> progress;
    private final List<LatencyReport.Run> runs = new ArrayList<>();

    /** Transactions a second, for how long in each run, for how long before the first, and how many outlets get them. */
    public record Load(int rate, Duration length, Duration warmUp, int outlets) {
        public Load {
            if (outlets < 0) {
                throw new BenchException("--outlets must be at least 0");
            }
            if (rate < 1 || length.isNegative() || length.isZero() || warmUp.isNegative() || warmUp.isZero()) {
                throw new BenchException("--rate must be at least 1, --for and --warm-up longer than nothing");
            }
        }
    }

    private LatencyBench(BenchOptions options, Load load, InstantSource clock, Consumer<String> progress) {
        this.options = options;
        this.load = load;
        this.clock = clock;
        this.progress = progress;
    }

    /** @param progress told what is being done, for a person who waits */
    public static LatencyReport run(BenchOptions options, Load load, InstantSource clock, Consumer<String> progress) {
        return new LatencyBench(options, load, clock, progress).run();
    }

    private LatencyReport run() {
        progress.accept("starting PostgreSQL and Kafka");
        try (BenchServers servers = BenchServers.start(options.setup());
                Connection connection = servers.connect()) {
            BenchTable table = BenchTable.create(connection);
            servers.publish(PUBLICATION, BenchTable.ID.toString());
            try (RolePair roles = RolePair.start(servers, options.setup(), PREFIX)) {
                progress.accept("warming up");
                roles.awaitStreaming();
                table.fill(WARM_UP_ROWS, WARM_UP_TRANSACTION);
                Wait.until("warm-up", ARRIVAL_LIMIT, () -> roles.backupLastId() >= table.lastId());
                try (OutletRoles outlets = OutletRoles.start(servers, options.setup(), PREFIX, load.outlets());
                        RawWatch raw = RawWatch.start(servers, clock, "bench_raw", PUBLICATION);
                        LogWatch log = roles.watchLog(clock)) {
                    outlets.await(table.lastId());
                    LatencyReport report = measure(new Scene(servers, roles, outlets), new Watches(raw, log), table);
                    servers.done();
                    return report;
                }
            }
        } catch (SQLException e) {
            throw new BenchException("PostgreSQL or the backup failed: " + e.getMessage(), e);
        }
    }

    /** Who looks at the same transactions on their way. */
    private record Watches(RawWatch raw, LogWatch log) {}

    /** The processes that are measured. */
    private record Scene(BenchServers servers, RolePair roles, OutletRoles outlets) {
        Meter meter() {
            Meter meter = new Meter()
                    .with("capture", roles.capture().pid())
                    .with("replicator", roles.replicator().pid())
                    .with("walsender", roles.walSender())
                    .with("kafka", servers.kafka().pid());
            outlets.addTo(meter);
            return meter;
        }
    }

    private LatencyReport measure(Scene scene, Watches watches, BenchTable table) throws SQLException {
        int warmUpRate = Math.max(load.rate(), WARM_UP_RATE);
        long first = runOnce(scene, watches, table.lastId() + 1, warmUpRate, load.warmUp()) + 1;
        runs.clear();
        progress.accept("idle for " + IDLE.toSeconds() + " s");
        Meter meter = scene.meter().start();
        Wait.during(IDLE);
        Meter.Reading idle = meter.stop();
        for (int run = 1; run <= options.runs(); run++) {
            progress.accept("run " + run + " of " + options.runs() + ": " + load.rate() + " transactions a second for "
                    + load.length().toSeconds() + " s");
            first = runOnce(scene, watches, first, load.rate(), load.length()) + 1;
        }
        Map<String, Long> peakRss = new LinkedHashMap<>();
        peakRss.put("capture", ProcessUsage.peakRssBytes(scene.roles().capture().pid()));
        peakRss.put(
                "replicator",
                ProcessUsage.peakRssBytes(scene.roles().replicator().pid()));
        peakRss.put("kafka", ProcessUsage.peakRssBytes(scene.servers().kafka().pid()));
        if (load.outlets() > 0) {
            peakRss.put("outlet", scene.outlets().peakRssBytes());
        }
        return new LatencyReport(load, Machine.of(options.setup().javaHome()), List.copyOf(runs), idle, peakRss);
    }

    /** Returns the last id. */
    private long runOnce(Scene scene, Watches watches, long firstId, int rate, Duration length) throws SQLException {
        int rows = OpenLoopLoad.rows(rate, length);
        watches.raw().take();
        watches.log().take();
        Meter meter = scene.meter().start();
        List<ArrivalWatch> arrivals = new ArrayList<>();
        arrivals.add(ArrivalWatch.start(scene.roles().backup(), clock, firstId, rows));
        scene.outlets().files().forEach(file -> arrivals.add(ArrivalWatch.start(file, clock, firstId, rows)));
        OpenLoopLoad.Sent sent;
        Meter.Reading reading;
        try {
            sent = new OpenLoopLoad(scene.servers()::connect, rate).run(firstId, length);
            reading = meter.stop();
            arrivals.forEach(LatencyBench::awaitArrival);
        } finally {
            arrivals.forEach(ArrivalWatch::close);
        }
        long[] committed = scene.servers().committedAtUs(BenchTable.ID.name(), firstId, rows);
        long[] rawLatencies = watches.raw().take().stream()
                .mapToLong(arrival -> arrival.receivedAtUs() - arrival.committedAtUs())
                .toArray();
        runs.add(new LatencyReport.Run(
                since(committed, arrivals.subList(0, 1)),
                since(committed, arrivals.subList(1, arrivals.size())),
                watches.log().take(),
                rawLatencies,
                sent.latenessNanos(),
                reading));
        return sent.lastId();
    }

    /** Of all these files together. */
    private static long[] since(long[] committedAtUs, List<ArrivalWatch> arrivals) {
        long[] latencies = new long[committedAtUs.length * arrivals.size()];
        int next = 0;
        for (ArrivalWatch arrival : arrivals) {
            long[] seen = arrival.seenAtUs();
            for (int i = 0; i < seen.length; i++) {
                latencies[next++] = seen[i] - committedAtUs[i];
            }
        }
        return latencies;
    }

    private static void awaitArrival(ArrivalWatch watch) {
        Wait.until("the last rows in SQLite", ARRIVAL_LIMIT, () -> {
            try {
                return watch.missing() == 0;
            } catch (SQLException e) {
                throw new BenchException("The backup cannot be read: " + e.getMessage(), e);
            }
        });
    }
}
