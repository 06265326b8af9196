package dev.warung.bench.fleet;

import dev.warung.bench.BenchOptions;
import dev.warung.bench.Machine;
import dev.warung.bench.load.BenchTable;
import dev.warung.bench.measure.BenchException;
import dev.warung.bench.measure.Meter;
import dev.warung.bench.measure.ProcessUsage;
import dev.warung.bench.measure.Wait;
import dev.warung.bench.stage.BenchServers;
import dev.warung.bench.stage.RolePair;
import dev.warung.core.wire.Topics;
import dev.warung.embedded.Pause;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * How many changes a second the replicator applies and routes into real topics, one for each outlet, with few and with many of them. What it
 * reads stands in Kafka already.
 */
public final class TopicsBench {

    private static final String PREFIX = "bench";
    /** Thousands of topics need more than the usual (docs/operations.md); all cases get the same. */
    private static final String KAFKA_HEAP = "2g";

    private static final String REPLICATOR_HEAP = "1536m";
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final String DEFINITION = "{\"parameters\":[\"branch_id\"],\"tables\":[{\"table\":\"" + BenchTable.ID
            + "\",\"where\":\"branch_id = :branch_id\"}],\"writable\":[]}";

    private final BenchOptions options;
    private final Load load;
    private final Consumer<String> progress;

    /**
     * What is measured.
     *
     * @param instances numbers of outlets, each with a topic of its own, in ascending order
     * @param rows of each run; every row is one outlet's, each in turn
     * @param rowsPerTransaction in PostgreSQL
     */
    public record Load(List<Integer> instances, int rows, int rowsPerTransaction) {
        public Load {
            instances = instances.stream().sorted().toList();
            if (instances.isEmpty() || instances.get(0) < 1 || rows < 1 || rowsPerTransaction < 1) {
                throw new BenchException("--instances, --rows and --tx must be at least 1");
            }
        }
    }

    private TopicsBench(BenchOptions options, Load load, Consumer<String> progress) {
        this.options = options;
        this.load = load;
        this.progress = progress;
    }

    /** @param progress told what is being done, for a person who waits */
    public static TopicsReport run(BenchOptions options, Load load, Consumer<String> progress) {
        return new TopicsBench(options, load, progress).run();
    }

    private TopicsReport run() {
        progress.accept("starting PostgreSQL and Kafka");
        List<TopicsReport.Line> lines = new ArrayList<>();
        try (BenchServers servers = BenchServers.start(options.setup(), KAFKA_HEAP);
                Connection connection = servers.connect()) {
            BenchTable table = BenchTable.create(connection);
            try (RolePair roles =
                    RolePair.start(servers, options.setup().withReplicatorHeap(REPLICATOR_HEAP), PREFIX)) {
                roles.awaitStreaming();
                progress.accept("warming up");
                fill(roles, table, load.rows());
                try (Statement statement = connection.createStatement()) {
                    statement.execute(
                            "insert into warung.shapes (name, definition) values ('branch', '" + DEFINITION + "')");
                }
                for (int count : load.instances()) {
                    lines.add(measure(servers, connection, roles, table, count));
                }
                servers.done();
            }
        } catch (SQLException e) {
            throw new BenchException("PostgreSQL or the backup failed: " + e.getMessage(), e);
        }
        return new TopicsReport(options.runs(), load, Machine.of(options.setup().javaHome()), lines);
    }

    private TopicsReport.Line measure(
            BenchServers servers, Connection connection, RolePair roles, BenchTable table, int count)
            throws SQLException {
        progress.accept("adding outlets up to " + count);
        // What the outlets hold by then would be filled into their topics, and is not what is measured.
        table.clear();
        long startedAt = System.nanoTime();
        try (Statement statement = connection.createStatement()) {
            statement.execute("insert into warung.outlets (code, name, attributes) select 'toko-' || g, 'toko',"
                    + " jsonb_build_object('branch_id', g::text) from generate_series(1, " + count
                    + ") g on conflict do nothing");
        }
        String kafka = servers.kafka().bootstrapServers();
        List<String> codes =
                IntStream.rangeClosed(1, count).mapToObj(i -> "toko-" + i).toList();
        FleetTopics topics = FleetTopics.await(kafka, new Topics(PREFIX), codes, progress);
        double setupSeconds = (System.nanoTime() - startedAt) / 1e9;
        table.branches(count);
        List<Meter.Reading> readings = new ArrayList<>();
        boolean isComplete = true;
        for (int run = 0; run <= options.runs(); run++) {
            progress.accept(count + " outlets: " + (run == 0 ? "warming up" : "run " + run + " of " + options.runs()));
            long before = topics.shapeEnds(kafka);
            Meter.Reading reading = once(servers, roles, table);
            isComplete &= topics.awaitShapeEnds(kafka, before + load.rows());
            if (run > 0) {
                readings.add(reading);
            }
        }
        return new TopicsReport.Line(
                count,
                setupSeconds,
                readings,
                ProcessUsage.peakRssBytes(roles.replicator().pid()),
                ProcessUsage.peakRssBytes(servers.kafka().pid()),
                isComplete);
    }

    private Meter.Reading once(BenchServers servers, RolePair roles, BenchTable table) throws SQLException {
        long durable = roles.settledRows();
        try (Pause replicator = Pause.of(roles.replicator().pid())) {
            table.fill(load.rows(), load.rowsPerTransaction());
            Wait.until("capture", LIMIT, () -> roles.durableRows() >= durable + load.rows());
            Meter meter = new Meter()
                    .with("replicator", roles.replicator().pid())
                    .with("kafka", servers.kafka().pid())
                    .start();
            replicator.close();
            Wait.until("the replicator", LIMIT, () -> roles.backupLastId() >= table.lastId());
            return meter.stop();
        }
    }

    private void fill(RolePair roles, BenchTable table, int rows) throws SQLException {
        table.fill(rows, load.rowsPerTransaction());
        Wait.until("warm-up", LIMIT, () -> roles.backupLastId() >= table.lastId());
    }
}
