package dev.warung.stack.demo;

import dev.warung.core.shape.Enrolment;
import dev.warung.core.shape.Outlet;
import dev.warung.core.wire.EnrolmentCodec;
import dev.warung.embedded.JavaProcess;
import dev.warung.embedded.Ports;
import dev.warung.outlet.OutletMain;
import dev.warung.stack.fleet.Fleet;
import dev.warung.stack.fleet.OutletRows;
import dev.warung.stack.fleet.ShapesApplier;
import dev.warung.stack.fleet.ShapesPlan;
import dev.warung.stack.pipeline.RoleClient;
import dev.warung.stack.pipeline.Stack;
import dev.warung.stack.pipeline.StackException;
import dev.warung.stack.retail.RetailSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The demo's outlets: the company's shapes, and a process with a small SQLite file for each of the first shops. */
final class DemoOutlets implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
    private static final long STEP_MS = 250;

    private final Path directory;
    private final String kafka;
    private final String prefix;
    private final List<Running> running = new ArrayList<>();

    private DemoOutlets(Path directory, String kafka, String prefix) {
        this.directory = directory;
        this.kafka = kafka;
        this.prefix = prefix;
    }

    private record Running(String code, Path file, JavaProcess process, RoleClient client) {}

    /** Requires that capture was started: it makes the tables in which shapes and outlets stand, and takes in the company's. */
    static DemoOutlets start(Stack stack, String prefix, Connection connection, int count) throws SQLException {
        DemoOutlets outlets = new DemoOutlets(
                stack.directory().resolve("outlets"), stack.servers().kafka(), prefix);
        if (count > 0) {
            apply(connection);
            try {
                Files.createDirectories(outlets.directory);
                for (Outlet outlet : outlets.add(connection, count)) {
                    outlets.start(outlet);
                }
            } catch (IOException e) {
                outlets.close();
                throw new UncheckedIOException(e);
            }
        }
        return outlets;
    }

    private static void apply(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        ShapesPlan plan =
                new ShapesApplier(RetailSchema.shapes(), ShapesPlan.Absent.STAY).apply(connection, START_LIMIT);
        connection.commit();
        connection.setAutoCommit(true);
        if (!plan.problems().isEmpty()) {
            throw new StackException("The demo's shapes cannot be applied: " + plan.problems());
        }
    }

    private List<Outlet> add(Connection connection, int count) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select id from outlet order by id limit " + count)) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        OutletRows table = new OutletRows(connection);
        for (int i = 0; i < ids.size(); i++) {
            table.add("toko-" + (i + 1), "Toko " + (i + 1), "{\"outlet_id\": " + ids.get(i) + "}");
        }
        List<Outlet> outlets = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            table.find("toko-" + (i + 1)).ifPresent(outlets::add);
        }
        return outlets;
    }

    private void start(Outlet outlet) throws IOException {
        Path enrolment = directory.resolve(outlet.code() + ".json");
        Files.writeString(
                enrolment,
                EnrolmentCodec.encode(
                        new Enrolment(kafka, prefix, UUID.fromString(outlet.id()), outlet.code(), java.util.Map.of())));
        Path file = directory.resolve(outlet.code() + ".db");
        int port = Ports.remembered(directory.resolve(outlet.code() + "-port"));
        JavaProcess process = JavaProcess.start(JavaProcess.Spec.of(
                        OutletMain.class.getName(), directory.resolve(outlet.code() + ".log"))
                .withArgs(List.of(
                        "--enrol", enrolment.toString(), "--file", file.toString(), "--http", "127.0.0.1:" + port))
                .withJvmOptions(
                        "-Xmx48m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Duser.timezone=UTC",
                        "-Dwarung.log.level=INFO"));
        running.add(new Running(outlet.code(), file, process, new RoleClient("http://127.0.0.1:" + port)));
    }

    /** How many there are. */
    int count() {
        return running.size();
    }

    /** One line for people; empty without outlets. */
    String text() {
        if (running.isEmpty()) {
            return "";
        }
        int complete = 0;
        long lagMs = 0;
        for (Running outlet : running) {
            RoleView view = new RoleView(outlet.client().status());
            complete += view.text("complete").orElse("").equals("true") ? 1 : 0;
            OptionalLong lag = view.number("lagMs");
            lagMs = Math.max(lagMs, lag.orElse(0));
        }
        return complete + " of " + running.size() + " complete, " + lagMs + " ms behind at most";
    }

    /** The first outlet whose process has ended, with the end of its log. */
    Optional<String> failure() {
        return running.stream()
                .filter(outlet -> !outlet.process().isAlive())
                .findFirst()
                .map(outlet -> outlet.code() + " ended with exit code "
                        + outlet.process().exitCode().orElse(-1) + "; its log ends with:\n"
                        + outlet.process().logTail());
    }

    /**
     * Compares each outlet's file with its shapes until they are equal or the time is over.
     *
     * @return a line for each difference that stays
     */
    List<String> differences(Connection connection, Path backup, Duration limit) throws SQLException {
        long until = System.nanoTime() + limit.toNanos();
        List<String> found = compare(connection, backup);
        while (!found.isEmpty() && System.nanoTime() < until && failure().isEmpty()) {
            pause();
            found = compare(connection, backup);
        }
        return found;
    }

    private List<String> compare(Connection connection, Path backup) throws SQLException {
        Fleet fleet = Fleet.read(connection);
        List<String> found = new ArrayList<>();
        for (Running outlet : running) {
            OutletCheck check = new OutletCheck(connection, backup, outlet.file());
            found.addAll(check.differences(fleet, fleet.outlet(outlet.code())));
        }
        return found;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(STEP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted while waiting for the outlets.");
        }
    }

    @Override
    public void close() {
        running.forEach(outlet -> outlet.process().stop(STOP_LIMIT));
    }
}
