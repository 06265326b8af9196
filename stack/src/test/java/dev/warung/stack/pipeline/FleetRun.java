package dev.warung.stack.pipeline;

import static org.awaitility.Awaitility.await;

import dev.warung.testkit.fleet.Company;
import dev.warung.testkit.fleet.CompanyLife;
import dev.warung.testkit.fleet.Fleet;
import dev.warung.testkit.fleet.FleetOracle;
import dev.warung.testkit.fleet.FleetOutlet;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random transactions, random changes of shapes and outlets, restarts of the roles and of the devices, batch after batch; after each one every
 * outlet holds what PostgreSQL's own SELECT gives (I7), and nothing was seen that may never be (I4, I5).
 */
final class FleetRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FleetRun.class);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int TRANSACTIONS = 6;
    private static final int STEPS = 4;

    private final Pipeline pipeline;
    private final FleetDevices devices;
    private final long seed;
    private final Random random;
    private final Connection lifeConnection;
    private final Connection fleetConnection;
    private final CompanyLife life;
    private final Fleet fleet;
    private final FleetOracle oracle;
    private final List<String> done = new ArrayList<>();
    private int batches;

    /** @param replay what to give a test to see the same again */
    record Options(long seed, Fleet.Kind kind, String replay) {}

    private final Options options;

    /** Begins with rows on each level that are there before capture is. The roles are not started yet. */
    FleetRun(Pipeline pipeline, FleetDevices devices, Options options) throws SQLException {
        this.pipeline = pipeline;
        this.devices = devices;
        this.options = options;
        this.seed = options.seed();
        this.random = new Random(seed);
        this.lifeConnection = pipeline.connect();
        this.fleetConnection = pipeline.connect();
        this.life = new CompanyLife(lifeConnection, seed);
        this.fleet = new Fleet(fleetConnection, seed, options.kind());
        this.oracle = new FleetOracle(pipeline.connect());
    }

    Fleet fleet() {
        return fleet;
    }

    long rows() {
        return oracle.rows();
    }

    /** Fills the tables, starts capture and replicator, and adds shapes and outlets. */
    void begin(int shapes, int outlets) throws Exception {
        life.begin();
        pipeline.startCapture();
        pipeline.startReplicator();
        await().atMost(Pipeline.PATIENCE).until(pipeline::isStreaming);
        fleet.begin(shapes, outlets);
        for (FleetOutlet outlet : fleet.outlets()) {
            devices.add(outlet, id(outlet.code()));
        }
        LOG.info(
                "seed {}: {} shapes, {} outlets, {} instances",
                seed,
                fleet.shapes().size(),
                outlets,
                fleet.instances());
        settle();
    }

    private String id(String code) throws SQLException {
        try (PreparedStatement statement =
                fleetConnection.prepareStatement("SELECT id::text FROM warung.outlets WHERE code = ?")) {
            statement.setString(1, code);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    /** One batch, and the comparison after it. */
    void batch() throws Exception {
        batches++;
        done.clear();
        for (int step = 0; step < STEPS; step++) {
            life.transactions(1 + random.nextInt(TRANSACTIONS));
            if (step == 1 || random.nextInt(4) == 0) {
                happen(next(step));
            }
        }
        LOG.info("seed {} batch {}: {}", seed, batches, done);
        settle();
    }

    /** What may happen between transactions. */
    private enum Event {
        REPLICATOR_KILLED,
        DEVICE_DISTURBED,
        ENROLLED_AGAIN,
        FLEET_CHANGED,
        CAPTURE_KILLED,
        REPLICATOR_STARTED_AGAIN,
        BACKUP_LOST
    }

    /** Each kind in turn, one a batch, so that a short run has seen most; and others at random. */
    private Event next(int step) {
        if (step == 1) {
            return Event.values()[(batches - 1) % Event.values().length];
        }
        return switch (random.nextInt(12)) {
            case 0 -> Event.REPLICATOR_KILLED;
            case 1 -> Event.REPLICATOR_STARTED_AGAIN;
            case 2 -> Event.CAPTURE_KILLED;
            case 3 -> Event.ENROLLED_AGAIN;
            case 4, 5, 6 -> Event.DEVICE_DISTURBED;
            default -> Event.FLEET_CHANGED;
        };
    }

    private void happen(Event event) throws Exception {
        switch (event) {
            case REPLICATOR_KILLED -> {
                pipeline.replicator().kill();
                life.transactions(random.nextInt(TRANSACTIONS));
                pipeline.startReplicator();
                done.add("replicator was killed");
            }
            case REPLICATOR_STARTED_AGAIN -> {
                pipeline.replicator().close();
                life.transactions(random.nextInt(TRANSACTIONS));
                pipeline.startReplicator();
                done.add("replicator was started again");
            }
            case BACKUP_LOST -> {
                pipeline.replicator().kill();
                pipeline.deleteBackup();
                pipeline.startReplicator();
                done.add("replicator lost its backup");
            }
            case CAPTURE_KILLED -> {
                pipeline.capture().kill();
                pipeline.startCapture();
                done.add("capture was killed");
            }
            case DEVICE_DISTURBED -> {
                if (!fleet.outlets().isEmpty()) {
                    done.add(devices.disturb(random, fleet.outlets()));
                }
            }
            case ENROLLED_AGAIN -> enrolAgain();
            case FLEET_CHANGED -> done.add(fleet.change());
        }
    }

    /** An outlet is thrown away, with its file, and another one comes: under its code or under a new one. */
    private void enrolAgain() throws Exception {
        List<FleetOutlet> outlets = fleet.outlets();
        if (outlets.isEmpty()) {
            return;
        }
        String code = outlets.get(random.nextInt(outlets.size())).code();
        devices.remove(code);
        FleetOutlet next;
        if (random.nextBoolean()) {
            next = fleet.addAgain(code);
        } else {
            fleet.removeOutlet(code);
            next = fleet.addOutlet();
        }
        devices.add(next, id(next.code()));
        done.add("outlet " + code + " is thrown away, " + next.code() + " is new");
    }

    /** Waits until everything has arrived and every outlet is what it must be. */
    void settle() throws Exception {
        pipeline.drain();
        List<String> last = new ArrayList<>();
        try {
            await().atMost(PATIENCE).pollInterval(LOOK).pollDelay(Duration.ZERO).until(() -> {
                last.clear();
                for (FleetOutlet outlet : fleet.outlets()) {
                    last.addAll(oracle.differences(outlet, fleet.shapes(), devices.file(outlet.code())));
                    if (!last.isEmpty()) {
                        last.add(devices.tail(outlet.code()));
                        return false;
                    }
                }
                return true;
            });
        } catch (ConditionTimeoutException e) {
            throw failure(last, e);
        }
        if (!devices.problems().isEmpty()) {
            throw failure(devices.problems(), null);
        }
    }

    private AssertionError failure(List<String> what, @Nullable Throwable cause) {
        AssertionError error = new AssertionError("seed " + seed + ", batch " + batches + " " + done + ":\n"
                + String.join("\n", what) + "\n" + pipeline.replicatorStatus().at("/routing") + "\n"
                + pipeline.tail("replicator") + "\nreplay: " + options.replay());
        if (cause != null) {
            error.initCause(cause);
        }
        return error;
    }

    /** What it was all about, for the log. */
    String summary() {
        return "seed " + seed + ": " + batches + " batches, " + fleet.shapes().size() + " shapes, " + fleet.instances()
                + " instances, " + life.executed() + " statements, " + oracle.rows() + " rows compared";
    }

    static void createTables(Pipeline pipeline) throws SQLException {
        try (Connection connection = pipeline.connect()) {
            Company.create(connection);
        }
    }

    @Override
    public void close() throws SQLException {
        devices.close();
        lifeConnection.close();
        fleetConnection.close();
    }
}
