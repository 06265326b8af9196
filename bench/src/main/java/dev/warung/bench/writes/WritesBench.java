package dev.warung.bench.writes;

import dev.warung.bench.BenchOptions;
import dev.warung.bench.Machine;
import dev.warung.bench.load.BenchTable;
import dev.warung.bench.load.OpenLoopLoad;
import dev.warung.bench.measure.BenchException;
import dev.warung.bench.measure.Meter;
import dev.warung.bench.measure.Wait;
import dev.warung.bench.stage.ArrivalWatch;
import dev.warung.bench.stage.Backup;
import dev.warung.bench.stage.BenchServers;
import dev.warung.bench.stage.IntakeRole;
import dev.warung.bench.stage.OutletRoles;
import dev.warung.bench.stage.RolePair;
import dev.warung.bench.writes.LocalTable.Kind;
import dev.warung.bench.writes.WritesReport.LocalCost;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * One outlet writes, another one sees it: how long that takes while both are online, how many ops a second come through, what local writes
 * cost, and how long a queue takes that was written while the outlet's process was away.
 */
public final class WritesBench {

    private static final String PREFIX = "bench";
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int THERE_BEFORE = 1_000;
    static final int PER_SALE = 10;
    private static final int LARGE = 100;
    private static final double NANOS = 1e9;

    private final BenchOptions options;
    private final Load load;
    private final InstantSource clock;
    private final Consumer<String> progress;
    private final List<WritesReport.Latency> latencies = new ArrayList<>();
    private final List<WritesReport.Throughput> throughputs = new ArrayList<>();
    private final List<LocalCost> costs = new ArrayList<>();
    private long nextId = THERE_BEFORE + 1;

    /**
     * How much is written.
     *
     * @param rate transactions of one row a second while latency is measured
     * @param length of that
     * @param ops of a measured run of throughput, and of the queue
     */
    public record Load(int rate, Duration length, int ops) {
        public Load {
            if (rate < 1 || length.isNegative() || length.isZero() || ops < LARGE) {
                throw new BenchException(
                        "--rate must be at least 1, --for longer than nothing, --ops at least " + LARGE);
            }
        }
    }

    private WritesBench(BenchOptions options, Load load, InstantSource clock, Consumer<String> progress) {
        this.options = options;
        this.load = load;
        this.clock = clock;
        this.progress = progress;
    }

    /** @param progress told what is being done, for a person who waits */
    public static WritesReport run(BenchOptions options, Load load, InstantSource clock, Consumer<String> progress) {
        return new WritesBench(options, load, clock, progress).run();
    }

    /** The processes that are measured, and where their rows can be seen. */
    private record Scene(
            BenchServers servers, RolePair roles, IntakeRole intake, OutletRoles outlets, BenchTable table) {

        Backup other() {
            return outlets.files().get(1);
        }

        Meter meter() {
            Meter meter = new Meter()
                    .with("intake", intake.pid())
                    .with("capture", roles.capture().pid())
                    .with("replicator", roles.replicator().pid())
                    .with("kafka", servers.kafka().pid());
            outlets.addTo(meter);
            return meter;
        }

        long inPostgres() {
            try {
                return table.count();
            } catch (SQLException e) {
                throw new BenchException("PostgreSQL does not count: " + e.getMessage(), e);
            }
        }
    }

    private WritesReport run() {
        progress.accept("starting PostgreSQL and Kafka");
        try (BenchServers servers = BenchServers.start(options.setup());
                Connection connection = servers.connect()) {
            BenchTable table = BenchTable.create(connection);
            table.fill(THERE_BEFORE, LARGE);
            try (RolePair roles = RolePair.start(servers, options.setup(), PREFIX)) {
                roles.awaitStreaming();
                try (OutletRoles outlets = OutletRoles.startWriting(servers, options.setup(), PREFIX, 2);
                        IntakeRole intake = IntakeRole.start(servers, options.setup(), PREFIX)) {
                    outlets.await(THERE_BEFORE);
                    WritesReport report = measure(new Scene(servers, roles, intake, outlets, table));
                    servers.done();
                    return report;
                }
            }
        } catch (SQLException e) {
            throw new BenchException("PostgreSQL failed: " + e.getMessage(), e);
        }
    }

    private WritesReport measure(Scene scene) {
        Map<String, Long> peakRss = new LinkedHashMap<>();
        try (LocalTable local = new LocalTable(scene.outlets().files().get(0).file())) {
            progress.accept("warming up");
            throughput(scene, local);
            throughputs.clear();
            latency(scene, local);
            latencies.clear();
            for (int run = 1; run <= options.runs(); run++) {
                progress.accept("run " + run + " of " + options.runs() + ": one row at a time, then " + load.ops());
                latency(scene, local);
                throughput(scene, local);
            }
            peakRss.put("outlet that writes", scene.outlets().peakRssBytes(0));
            peakRss.put("outlet that reads", scene.outlets().peakRssBytes(1));
            WritesReport.Recovery recovery = recover(scene, local);
            peakRss.put("outlet with a queue", scene.outlets().peakRssBytes(0));
            peakRss.put("intake", scene.intake().peakRssBytes());
            boolean isComplete = scene.inPostgres() == nextId - 1
                    && scene.other().count() == nextId - 1
                    && local.open() == 0
                    && scene.servers().number("select count(*) from warung.ledger where status = 'applied'")
                            == local.made();
            return new WritesReport(
                    load,
                    Machine.of(options.setup().javaHome()),
                    new WritesReport.Runs(latencies, throughputs, costs),
                    recovery,
                    peakRss,
                    isComplete);
        }
    }

    /** One row at a time, at its own time. */
    private void latency(Scene scene, LocalTable local) {
        int rows = OpenLoopLoad.rows(load.rate(), load.length());
        long first = take(rows);
        long[] written = new long[rows];
        long start = System.nanoTime();
        try (ArrivalWatch arrival = ArrivalWatch.start(scene.other(), clock, first, rows)) {
            for (int i = 0; i < rows; i++) {
                long due = start + (long) (i * NANOS / load.rate());
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                local.insert(Kind.CAPTURED, first + i, 1, 1);
                written[i] = micros();
            }
            Wait.until("the last rows in the other outlet", LIMIT, () -> missing(arrival) == 0);
            arrival.close();
            awaitSettled(local);
            latencies.add(new WritesReport.Latency(
                    since(written, scene.servers().committedAtUs(BenchTable.ID.name(), first, rows)),
                    since(written, arrival.seenAtUs()),
                    local.settledAfterMs(rows)));
        }
    }

    private static int missing(ArrivalWatch arrival) {
        try {
            return arrival.missing();
        } catch (SQLException e) {
            throw new BenchException("The other outlet's file cannot be read: " + e.getMessage(), e);
        }
    }

    private static long[] since(long[] startUs, long[] endUs) {
        long[] taken = new long[startUs.length];
        for (int i = 0; i < taken.length; i++) {
            taken[i] = endUs[i] - startUs[i];
        }
        return taken;
    }

    /** As fast as the application can write: sales of some rows each. */
    private void throughput(Scene scene, LocalTable local) {
        long first = take(load.ops());
        long last = first + load.ops() - 1;
        Meter meter = scene.meter().start();
        long start = System.nanoTime();
        double localRate = local.insert(Kind.CAPTURED, first, load.ops(), PER_SALE);
        Wait.until("all rows in PostgreSQL", LIMIT, () -> scene.inPostgres() == last);
        double postgres = (System.nanoTime() - start) / NANOS;
        Meter.Reading reading = meter.stop();
        Wait.until("all rows in the other outlet", LIMIT, () -> scene.other().lastId() == last);
        double outlet = (System.nanoTime() - start) / NANOS;
        awaitSettled(local);
        double settled = (System.nanoTime() - start) / NANOS;
        throughputs.add(new WritesReport.Throughput(localRate, postgres, outlet, settled, reading));
    }

    private static void awaitSettled(LocalTable local) {
        Wait.until("the answers to all writes", LIMIT, () -> local.open() == 0);
    }

    /** The process is away while the application goes on: what its writes cost, and how long the queue takes afterwards. */
    private WritesReport.Recovery recover(Scene scene, LocalTable local) {
        progress.accept("local writes with and without triggers, while the outlet's process is away");
        scene.outlets().stop(0);
        long made = local.made();
        long begin = nextId;
        int small = Math.max(1, load.ops() / 20 / options.runs());
        int large = Math.max(LARGE, load.ops() / 4 / options.runs());
        cost(local, small, large);
        costs.clear();
        for (int run = 0; run < options.runs(); run++) {
            costs.add(cost(local, small, large));
        }
        long queued = load.ops() - (nextId - begin);
        if (queued > 0) {
            local.insert(Kind.CAPTURED, take((int) queued), (int) queued, PER_SALE);
        }
        progress.accept("the outlet comes back");
        long start = System.nanoTime();
        scene.outlets().startAgain(0);
        Wait.until("all rows in PostgreSQL", LIMIT, () -> scene.inPostgres() == nextId - 1);
        double postgres = (System.nanoTime() - start) / NANOS;
        awaitSettled(local);
        double settled = (System.nanoTime() - start) / NANOS;
        Wait.until("all rows in the other outlet", LIMIT, () -> scene.other().lastId() == nextId - 1);
        return new WritesReport.Recovery(local.made() - made, postgres, settled);
    }

    private LocalCost cost(LocalTable local, int small, int large) {
        long first = take(small + large);
        Map<String, double[]> rates = new LinkedHashMap<>();
        rates.put(
                "insert, 1 row a transaction",
                new double[] {local.insert(Kind.PLAIN, first, small, 1), local.insert(Kind.CAPTURED, first, small, 1)});
        rates.put("insert, 100 rows a transaction", new double[] {
            local.insert(Kind.PLAIN, first + small, large, LARGE),
            local.insert(Kind.CAPTURED, first + small, large, LARGE)
        });
        rates.put("update, 100 rows a transaction", new double[] {
            local.update(Kind.PLAIN, first + small, large, LARGE),
            local.update(Kind.CAPTURED, first + small, large, LARGE)
        });
        return new LocalCost(rates);
    }

    private long take(int rows) {
        long first = nextId;
        nextId += rows;
        return first;
    }

    private long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }
}
