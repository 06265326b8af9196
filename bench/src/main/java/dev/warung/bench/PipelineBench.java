package dev.warung.bench;

import dev.warung.bench.load.BenchTable;
import dev.warung.bench.measure.BenchException;
import dev.warung.bench.measure.Meter;
import dev.warung.bench.measure.ProcessUsage;
import dev.warung.bench.measure.Wait;
import dev.warung.bench.reader.DebeziumReaderMain;
import dev.warung.bench.stage.BenchServers;
import dev.warung.bench.stage.BenchSetup;
import dev.warung.bench.stage.RolePair;
import dev.warung.bench.stage.SlotReader;
import dev.warung.embedded.Pause;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Catch-up of every stage. Rows are written while PostgreSQL's sending process is stopped (for the replicator: while it is stopped itself),
 * the stage being warm and level; then it runs on, and the time is taken until the stage has them all.
 */
public final class PipelineBench {
    private static final Duration LIMIT = Duration.ofHours(1);
    private static final String PUBLICATION = "bench_readers";

    private final BenchOptions options;
    private final Load load;
    private final Consumer<String> progress;
    private final Map<Stage, StageRuns> runs = new EnumMap<>(Stage.class);
    private final Map<String, Long> peakRss = new LinkedHashMap<>();

    /** How many rows, and how many of them one transaction inserts. */
    public record Load(long rows, int rowsPerTransaction, long warmUpRows) {
        public Load {
            if (rows < 1 || rowsPerTransaction < 1 || warmUpRows < 1) {
                throw new BenchException("--rows, --tx and --warm-up must be at least 1");
            }
        }
    }

    private PipelineBench(BenchOptions options, Load load, Consumer<String> progress) {
        this.options = options;
        this.load = load;
        this.progress = progress;
        for (Stage stage : Stage.values()) {
            runs.put(stage, StageRuns.of(stage, load.rows()));
        }
    }

    /** @param progress told what is being done, for a person who waits */
    public static PipelineReport run(BenchOptions options, Load load, Consumer<String> progress) {
        return new PipelineBench(options, load, progress).run();
    }

    private PipelineReport run() {
        progress.accept("starting PostgreSQL and Kafka");
        boolean complete;
        try (BenchServers servers = BenchServers.start(options.setup());
                Connection connection = servers.connect()) {
            BenchTable table = BenchTable.create(connection);
            measureReaders(servers, table);
            table.clear();
            complete = measureRoles(servers, table);
            peakRss.put("kafka", ProcessUsage.peakRssBytes(servers.kafka().pid()));
            servers.done();
        } catch (SQLException e) {
            throw new BenchException("PostgreSQL failed: " + e.getMessage(), e);
        }
        boolean delivered = runs.values().stream().allMatch(stage -> stage.delivered() == load.rows());
        return new PipelineReport(
                new PipelineReport.Load(load.rows(), load.rowsPerTransaction(), load.warmUpRows(), options.runs()),
                Machine.of(options.setup().javaHome()),
                List.copyOf(runs.values()),
                peakRss,
                complete && delivered);
    }

    private StageRuns runs(Stage stage) {
        return runs.computeIfAbsent(stage, s -> StageRuns.of(s, load.rows()));
    }

    private void measureReaders(BenchServers servers, BenchTable table) throws SQLException {
        servers.publish(PUBLICATION, BenchTable.ID.toString());
        BenchSetup setup = options.setup();
        try (SlotReader raw = SlotReader.raw(servers, setup, "bench_raw", PUBLICATION);
                SlotReader standard = SlotReader.debezium(
                        servers, setup, DebeziumReaderMain.Mode.DEFAULT, "bench_default", PUBLICATION);
                SlotReader tuned = SlotReader.debezium(
                        servers, setup, DebeziumReaderMain.Mode.CAPTURE, "bench_capture", PUBLICATION)) {
            Map<Stage, SlotReader> readers = new EnumMap<>(
                    Map.of(Stage.RAW, raw, Stage.DEBEZIUM_DEFAULT, standard, Stage.DEBEZIUM_CAPTURE, tuned));
            progress.accept("warming up the raw client and Debezium");
            table.fill(load.warmUpRows(), load.rowsPerTransaction());
            readers.values().forEach(reader -> await("warm-up", reader::rows, load.warmUpRows()));
            for (int run = 1; run <= options.runs(); run++) {
                progress.accept("run " + run + " of " + options.runs() + ": raw client and Debezium");
                measureOnce(readers, table);
            }
            readers.forEach((stage, reader) -> peakRss.put(
                    stage.key(), ProcessUsage.peakRssBytes(reader.process().pid())));
        }
    }

    /** All readers get the same rows, one after the other. */
    private void measureOnce(Map<Stage, SlotReader> readers, BenchTable table) throws SQLException {
        Map<Stage, Pause> pauses = new EnumMap<>(Stage.class);
        try {
            readers.forEach((stage, reader) -> pauses.put(stage, reader.pauseSource()));
            table.fill(load.rows(), load.rowsPerTransaction());
            for (Map.Entry<Stage, SlotReader> entry : readers.entrySet()) {
                measure(entry.getKey(), entry.getValue(), Objects.requireNonNull(pauses.remove(entry.getKey())));
            }
        } finally {
            pauses.values().forEach(Pause::close);
        }
    }

    private void measure(Stage stage, SlotReader reader, Pause pause) {
        long before = reader.rows();
        Meter meter = new Meter()
                .with("client", reader.process().pid())
                .with("walsender", reader.walSender())
                .start();
        pause.close();
        await(stage.says(), reader::rows, before + load.rows());
        Meter.Reading reading = meter.stop();
        runs(stage).add(reader.rows() - before, reading);
    }

    private boolean measureRoles(BenchServers servers, BenchTable table) throws SQLException {
        try (RolePair roles = RolePair.start(servers, options.setup(), "bench")) {
            progress.accept("warming up capture and replicator");
            roles.awaitStreaming();
            table.fill(load.warmUpRows(), load.rowsPerTransaction());
            await("warm-up of the pipeline", roles::backupLastId, table.lastId());
            for (int run = 1; run <= options.runs(); run++) {
                progress.accept("run " + run + " of " + options.runs() + ": capture, then replicator");
                measureSeparately(servers, roles, table);
                progress.accept("run " + run + " of " + options.runs() + ": end to end");
                measureEndToEnd(servers, roles, table);
            }
            peakRss.put("capture", ProcessUsage.peakRssBytes(roles.capture().pid()));
            peakRss.put(
                    "replicator", ProcessUsage.peakRssBytes(roles.replicator().pid()));
            return roles.backup().count() == table.count();
        }
    }

    private void measureSeparately(BenchServers servers, RolePair roles, BenchTable table) throws SQLException {
        long durable = roles.settledRows();
        long inBackup = roles.backup().count();
        long kafka = servers.kafka().pid();
        try (Pause replicator = Pause.of(roles.replicator().pid())) {
            try (Pause source = roles.pauseSource()) {
                table.fill(load.rows(), load.rowsPerTransaction());
                Meter meter = new Meter()
                        .with("capture", roles.capture().pid())
                        .with("walsender", roles.walSender())
                        .with("kafka", kafka)
                        .start();
                source.close();
                await(Stage.CAPTURE.says(), roles::durableRows, durable + load.rows());
                Meter.Reading reading = meter.stop();
                runs(Stage.CAPTURE).add(roles.durableRows() - durable, reading);
            }
            Meter meter = new Meter()
                    .with("replicator", roles.replicator().pid())
                    .with("kafka", kafka)
                    .start();
            replicator.close();
            await(Stage.REPLICATOR.says(), roles::backupLastId, table.lastId());
            Meter.Reading reading = meter.stop();
            runs(Stage.REPLICATOR).add(roles.backup().count() - inBackup, reading);
        }
    }

    private void measureEndToEnd(BenchServers servers, RolePair roles, BenchTable table) throws SQLException {
        long inBackup = roles.backup().count();
        try (Pause source = roles.pauseSource()) {
            table.fill(load.rows(), load.rowsPerTransaction());
            Meter meter = new Meter()
                    .with("capture", roles.capture().pid())
                    .with("replicator", roles.replicator().pid())
                    .with("walsender", roles.walSender())
                    .with("kafka", servers.kafka().pid())
                    .start();
            source.close();
            await(Stage.END_TO_END.says(), roles::backupLastId, table.lastId());
            Meter.Reading reading = meter.stop();
            runs(Stage.END_TO_END).add(roles.backup().count() - inBackup, reading);
        }
    }

    private static void await(String what, LongSupplier value, long wanted) {
        Wait.until(what + ": " + wanted, LIMIT, () -> value.getAsLong() >= wanted);
    }
}
