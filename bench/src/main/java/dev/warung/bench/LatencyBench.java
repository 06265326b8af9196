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
import dev.warung.bench.stage.RawWatch;
import dev.warung.bench.stage.RolePair;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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
    private static final String PUBLICATION = "bench_readers";
    private static final int WARM_UP_ROWS = 100_000;
    private static final int WARM_UP_TRANSACTION = 100;

    private final BenchOptions options;
    private final Load load;
    private final InstantSource clock;
    private final Consumer<String> progress;
    private final List<LatencyReport.Run> runs = new ArrayList<>();

    /** Transactions a second, for how long in each run, and for how long before the first. */
    public record Load(int rate, Duration length, Duration warmUp) {
        public Load {
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
            try (RolePair roles = RolePair.start(servers, options.setup(), "bench")) {
                progress.accept("warming up");
                roles.awaitStreaming();
                table.fill(WARM_UP_ROWS, WARM_UP_TRANSACTION);
                Wait.until("warm-up", ARRIVAL_LIMIT, () -> roles.backupLastId() >= table.lastId());
                try (RawWatch raw = RawWatch.start(servers, clock, "bench_raw", PUBLICATION);
                        LogWatch log = roles.watchLog(clock)) {
                    LatencyReport report = measure(servers, roles, new Watches(raw, log), table);
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

    private LatencyReport measure(BenchServers servers, RolePair roles, Watches watches, BenchTable table)
            throws SQLException {
        long first = runOnce(servers, roles, watches, table.lastId() + 1, load.warmUp()) + 1;
        runs.clear();
        progress.accept("idle for " + IDLE.toSeconds() + " s");
        Meter meter = meter(servers, roles).start();
        Wait.during(IDLE);
        Meter.Reading idle = meter.stop();
        for (int run = 1; run <= options.runs(); run++) {
            progress.accept("run " + run + " of " + options.runs() + ": " + load.rate() + " transactions a second for "
                    + load.length().toSeconds() + " s");
            first = runOnce(servers, roles, watches, first, load.length()) + 1;
        }
        Map<String, Long> peakRss = new LinkedHashMap<>();
        peakRss.put("capture", ProcessUsage.peakRssBytes(roles.capture().pid()));
        peakRss.put("replicator", ProcessUsage.peakRssBytes(roles.replicator().pid()));
        peakRss.put("kafka", ProcessUsage.peakRssBytes(servers.kafka().pid()));
        return new LatencyReport(load, Machine.of(options.setup().javaHome()), List.copyOf(runs), idle, peakRss);
    }

    private static Meter meter(BenchServers servers, RolePair roles) {
        return new Meter()
                .with("capture", roles.capture().pid())
                .with("replicator", roles.replicator().pid())
                .with("walsender", roles.walSender())
                .with("kafka", servers.kafka().pid());
    }

    /** Returns the last id. */
    private long runOnce(BenchServers servers, RolePair roles, Watches watches, long firstId, Duration length)
            throws SQLException {
        int rows = OpenLoopLoad.rows(load.rate(), length);
        watches.raw().take();
        watches.log().take();
        Meter meter = meter(servers, roles).start();
        ArrivalWatch watch = ArrivalWatch.start(roles.backup(), clock, firstId, rows);
        OpenLoopLoad.Sent sent;
        Meter.Reading reading;
        try (watch) {
            sent = new OpenLoopLoad(servers::connect, load.rate()).run(firstId, length);
            reading = meter.stop();
            awaitArrival(watch);
        }
        long[] committed = committedAtUs(servers, firstId, rows);
        long[] latencies = watch.seenAtUs();
        for (int i = 0; i < rows; i++) {
            latencies[i] -= committed[i];
        }
        long[] rawLatencies = watches.raw().take().stream()
                .mapToLong(arrival -> arrival.receivedAtUs() - arrival.committedAtUs())
                .toArray();
        runs.add(new LatencyReport.Run(latencies, watches.log().take(), rawLatencies, sent.latenessNanos(), reading));
        return sent.lastId();
    }

    private static void awaitArrival(ArrivalWatch watch) {
        Wait.until("the last rows in the backup", ARRIVAL_LIMIT, () -> {
            try {
                return watch.missing() == 0;
            } catch (SQLException e) {
                throw new BenchException("The backup cannot be read: " + e.getMessage(), e);
            }
        });
    }

    private static long[] committedAtUs(BenchServers servers, long firstId, int rows) throws SQLException {
        long[] at = new long[rows];
        try (Connection connection = servers.connect();
                PreparedStatement select = connection.prepareStatement(
                        "select id, (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000000)::bigint from "
                                + BenchTable.ID.name() + " where id between ? and ?")) {
            select.setLong(1, firstId);
            select.setLong(2, firstId + rows - 1);
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    at[(int) (result.getLong(1) - firstId)] = result.getLong(2);
                }
            }
        }
        return at;
    }
}
