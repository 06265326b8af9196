package dev.warung.bench;

import dev.warung.bench.load.BenchTable;
import dev.warung.bench.load.Markers;
import dev.warung.bench.measure.BenchException;
import dev.warung.bench.measure.ProcessUsage;
import dev.warung.bench.measure.Wait;
import dev.warung.bench.stage.BenchServers;
import dev.warung.bench.stage.MarkerWatch;
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
 * One large transaction between small ones: how long from its commit until SQLite shows all of it, and whether a reader ever sees it in
 * part, or it and the small ones in another order than that of their commits.
 */
public final class TransactionBench {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int WARM_UP_ROWS = 200_000;
    private static final int WARM_UP_TRANSACTION = 100;
    private static final double MICROS = 1e6;

    private final BenchOptions options;
    private final int rows;
    private final InstantSource clock;
    private final Consumer<String> progress;

    private TransactionBench(BenchOptions options, int rows, InstantSource clock, Consumer<String> progress) {
        if (rows < 1) {
            throw new BenchException("--rows must be at least 1");
        }
        this.options = options;
        this.rows = rows;
        this.clock = clock;
        this.progress = progress;
    }

    /**
     * @param clock the one that PostgreSQL on this machine has too
     * @param progress told what is being done, for a person who waits
     */
    public static TransactionReport run(
            BenchOptions options, int rows, InstantSource clock, Consumer<String> progress) {
        return new TransactionBench(options, rows, clock, progress).run();
    }

    private TransactionReport run() {
        progress.accept("starting PostgreSQL and Kafka");
        List<TransactionReport.Run> runs = new ArrayList<>();
        Map<String, Long> peakRss = new LinkedHashMap<>();
        try (BenchServers servers = BenchServers.start(options.setup());
                Connection connection = servers.connect()) {
            BenchTable table = BenchTable.create(connection);
            Markers.createTable(connection);
            try (RolePair roles = RolePair.start(servers, options.setup(), "bench")) {
                progress.accept("warming up");
                roles.awaitStreaming();
                table.fill(WARM_UP_ROWS, WARM_UP_TRANSACTION);
                Wait.until("warm-up", LIMIT, () -> roles.backupLastId() >= table.lastId());
                for (int run = 1; run <= options.runs(); run++) {
                    progress.accept("run " + run + " of " + options.runs() + ": one transaction of " + rows + " rows");
                    runs.add(runOnce(servers, roles, table));
                }
                peakRss.put("capture", ProcessUsage.peakRssBytes(roles.capture().pid()));
                peakRss.put(
                        "replicator",
                        ProcessUsage.peakRssBytes(roles.replicator().pid()));
                peakRss.put("kafka", ProcessUsage.peakRssBytes(servers.kafka().pid()));
                servers.done();
            }
        } catch (SQLException e) {
            throw new BenchException("PostgreSQL or the backup failed: " + e.getMessage(), e);
        }
        return new TransactionReport(rows, Machine.of(options.setup().javaHome()), runs, peakRss);
    }

    private TransactionReport.Run runOnce(BenchServers servers, RolePair roles, BenchTable table) throws SQLException {
        long first = table.lastId() + 1;
        try (Markers markers = Markers.start(servers::connect);
                MarkerWatch watch = MarkerWatch.start(roles.backup().file(), first, clock)) {
            markers.awaitMore();
            long before = markers.committed();
            table.fill(rows, rows);
            long after = markers.lastBegun() + 1;
            markers.awaitMore();
            Wait.until("the transaction in the backup", LIMIT, () -> watch.shows(table.lastId(), after));
            double seconds = (watch.firstSeenAtUs() - servers.committedAtUs(BenchTable.ID.name(), first)) / MICROS;
            return new TransactionReport.Run(seconds, watch.looks(), watch.problems(rows, before, after));
        }
    }
}
