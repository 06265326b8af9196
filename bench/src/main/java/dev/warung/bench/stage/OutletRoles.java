package dev.warung.bench.stage;

import dev.warung.bench.load.BenchTable;
import dev.warung.bench.measure.BenchException;
import dev.warung.bench.measure.Meter;
import dev.warung.bench.measure.ProcessUsage;
import dev.warung.bench.measure.Wait;
import dev.warung.core.shape.Enrolment;
import dev.warung.core.wire.EnrolmentCodec;
import dev.warung.embedded.JavaProcess;
import dev.warung.embedded.Ports;
import dev.warung.outlet.OutletMain;
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
import java.util.Map;
import java.util.UUID;

/** Outlets, each in a JVM of its own with the options that the launcher gives it; all hold every row of the benchmark's table. */
public final class OutletRoles implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final String SHAPE = "bench";

    private final List<Outlet> outlets = new ArrayList<>();

    private record Outlet(String code, JavaProcess process, Backup file) {}

    private OutletRoles() {}

    /** Declares the shape, adds the outlets and starts them; none if {@code count} is 0. */
    public static OutletRoles start(BenchServers servers, BenchSetup setup, String prefix, int count) {
        return start(servers, setup, prefix, count, "");
    }

    /** The same with outlets that may write the table. */
    public static OutletRoles startWriting(BenchServers servers, BenchSetup setup, String prefix, int count) {
        servers.execute("insert into warung.writes (table_name, definition) values ('" + BenchTable.ID + "', '{}')");
        return start(servers, setup, prefix, count, "\"" + BenchTable.ID + "\"");
    }

    private static OutletRoles start(
            BenchServers servers, BenchSetup setup, String prefix, int count, String writable) {
        OutletRoles roles = new OutletRoles();
        if (count == 0) {
            return roles;
        }
        try (Connection connection = servers.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("insert into warung.shapes (name, definition) values ('" + SHAPE
                    + "', '{\"parameters\":[],\"tables\":[{\"table\":\"" + BenchTable.ID + "\"}],\"writable\":["
                    + writable + "]}')");
            for (int i = 1; i <= count; i++) {
                String code = "toko-" + i;
                try (ResultSet id = statement.executeQuery(
                        "insert into warung.outlets (code, name) values ('" + code + "', 'toko') returning id")) {
                    id.next();
                    roles.start(
                            servers,
                            setup,
                            new Enrolment(
                                    servers.kafka().bootstrapServers(),
                                    prefix,
                                    UUID.fromString(id.getString(1)),
                                    code,
                                    Map.of()));
                }
            }
            return roles;
        } catch (SQLException e) {
            roles.close();
            throw new BenchException("PostgreSQL refuses the outlets: " + e.getMessage(), e);
        }
    }

    private void start(BenchServers servers, BenchSetup setup, Enrolment enrolment) {
        Path directory = servers.directory();
        Path enrolmentFile = directory.resolve(enrolment.code() + ".json");
        try {
            Files.writeString(enrolmentFile, EnrolmentCodec.encode(enrolment));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path file = directory.resolve(enrolment.code() + ".db");
        JavaProcess process = JavaProcess.start(
                JavaProcess.Spec.of(OutletMain.class.getName(), directory.resolve(enrolment.code() + ".log"))
                        .withJvm(JavaProcess.Jvm.current().withHome(setup.javaHome()))
                        .withJvmOptions(setup.outletJvm().toArray(String[]::new))
                        .withArgs(
                                "--enrol",
                                enrolmentFile.toString(),
                                "--file",
                                file.toString(),
                                "--http",
                                "127.0.0.1:" + Ports.free()));
        outlets.add(new Outlet(enrolment.code(), process, new Backup(file)));
    }

    public int count() {
        return outlets.size();
    }

    /** Waits until each outlet shows a row. */
    public void await(long id) {
        for (Outlet outlet : outlets) {
            Wait.until("row " + id + " in " + outlet.code(), START_LIMIT.multipliedBy(5), () -> {
                if (!outlet.process().isAlive()) {
                    throw new BenchException(
                            outlet.code() + " has ended:\n" + outlet.process().logTail());
                }
                return outlet.file().lastId() >= id;
            });
        }
    }

    /** The outlets' files, each to be watched by one at a time. */
    public List<Backup> files() {
        return outlets.stream().map(Outlet::file).toList();
    }

    /** Adds their CPU to what is measured. */
    public void addTo(Meter meter) {
        outlets.forEach(outlet -> meter.with(outlet.code(), outlet.process().pid()));
    }

    /** Ends the process of one; its file stays. */
    public void stop(int number) {
        outlets.get(number).process().stop(STOP_LIMIT);
    }

    /** Starts a stopped one. */
    public void startAgain(int number) {
        Outlet outlet = outlets.get(number);
        outlets.set(number, new Outlet(outlet.code(), outlet.process().startAgain(), outlet.file()));
    }

    /** The most memory that this one's process ever had resident. */
    public long peakRssBytes(int number) {
        return ProcessUsage.peakRssBytes(outlets.get(number).process().pid());
    }

    /** The most memory that one of them ever had resident. */
    public long peakRssBytes() {
        return outlets.stream()
                .mapToLong(outlet -> ProcessUsage.peakRssBytes(outlet.process().pid()))
                .max()
                .orElse(0);
    }

    @Override
    public void close() {
        outlets.forEach(outlet -> outlet.file().close());
        outlets.forEach(outlet -> outlet.process().stop(STOP_LIMIT));
    }
}
