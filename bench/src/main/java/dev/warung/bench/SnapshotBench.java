package dev.warung.bench;

import dev.warung.bench.load.BenchTable;
import dev.warung.bench.measure.BenchException;
import dev.warung.bench.measure.Meter;
import dev.warung.bench.measure.ProcessUsage;
import dev.warung.bench.measure.Wait;
import dev.warung.bench.stage.BenchServers;
import dev.warung.bench.stage.RolePair;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The initial copy: a table is there, capture and replicator start for the first time, until all rows are in Kafka and in SQLite. */
public final class SnapshotBench {
    private static final Duration LIMIT = Duration.ofHours(2);
    private static final int LOAD_TRANSACTION = 1000;
    private static final double NANOS = 1e9;

    private final BenchOptions options;
    private final long rows;
    private final Consumer<String> progress;
    private final Map<String, Long> peakRss = new LinkedHashMap<>();

    private SnapshotBench(BenchOptions options, long rows, Consumer<String> progress) {
        if (rows < 1) {
            throw new BenchException("--rows must be at least 1");
        }
        this.options = options;
        this.rows = rows;
        this.progress = progress;
    }

    /** @param progress told what is being done, for a person who waits */
    public static SnapshotReport run(BenchOptions options, long rows, Consumer<String> progress) {
        return new SnapshotBench(options, rows, progress).run();
    }

    private SnapshotReport run() {
        progress.accept("starting PostgreSQL and Kafka");
        List<SnapshotReport.Run> runs = new ArrayList<>();
        try (BenchServers servers = BenchServers.start(options.setup());
                Connection connection = servers.connect()) {
            BenchTable table = BenchTable.create(connection);
            progress.accept("writing " + rows + " rows");
            table.fill(rows, LOAD_TRANSACTION);
            for (int run = 1; run <= options.runs(); run++) {
                progress.accept("run " + run + " of " + options.runs() + ": copy");
                runs.add(copy(servers, "copy" + run));
            }
            peakRss.put("kafka", ProcessUsage.peakRssBytes(servers.kafka().pid()));
            servers.done();
        } catch (SQLException e) {
            throw new BenchException("PostgreSQL failed: " + e.getMessage(), e);
        }
        return new SnapshotReport(rows, Machine.of(options.setup().javaHome()), runs, peakRss);
    }

    private SnapshotReport.Run copy(BenchServers servers, String prefix) {
        Meter ofKafka = new Meter().with("kafka", servers.kafka().pid()).start();
        try (RolePair roles = RolePair.start(servers, options.setup(), prefix)) {
            Wait.until("the copy in Kafka", LIMIT, () -> roles.durableRows() >= rows);
            double inKafka = secondsSince(roles.startedAt());
            Wait.until("the copy in the backup", LIMIT, () -> roles.backupLastId() >= rows);
            double inBackup = secondsSince(roles.startedAt());
            Map<String, Double> cpu = new LinkedHashMap<>();
            cpu.put("capture", ProcessUsage.cpuSeconds(roles.capture().pid()));
            cpu.put("replicator", ProcessUsage.cpuSeconds(roles.replicator().pid()));
            cpu.putAll(ofKafka.stop().cpuSeconds());
            note("capture", roles.capture().pid());
            note("replicator", roles.replicator().pid());
            return new SnapshotReport.Run(roles.durableRows(), roles.backup().count(), inKafka, inBackup, cpu);
        } finally {
            servers.forgetCapture(prefix);
        }
    }

    private void note(String role, long pid) {
        peakRss.merge(role, ProcessUsage.peakRssBytes(pid), Math::max);
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / NANOS;
    }
}
