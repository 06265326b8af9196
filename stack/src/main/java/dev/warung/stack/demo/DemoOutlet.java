package dev.warung.stack.demo;

import dev.warung.core.shape.Enrolment;
import dev.warung.core.wire.EnrolmentCodec;
import dev.warung.embedded.JavaProcess;
import dev.warung.embedded.Ports;
import dev.warung.outlet.OutletMain;
import dev.warung.stack.pipeline.RoleClient;
import dev.warung.stack.pipeline.Roles;
import dev.warung.stack.retail.Till;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One outlet of the demo: a process that keeps a SQLite file, and a till that works on the file whether the process runs or not.
 *
 * <p>Thread: the demo's.
 */
final class DemoOutlet implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
    private static final Duration HTTP_LIMIT = Duration.ofSeconds(15);
    private static final int OK = 200;
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int BUSY_MS = 10_000;

    private final String code;
    private final Path file;
    private final RoleClient client;
    private final String key;
    private final Till till;
    private JavaProcess process;
    private boolean isAway;

    /** How to reach it over HTTP. */
    private record Address(RoleClient client, String key) {}

    private DemoOutlet(String code, Path file, Address address, Till till, JavaProcess process) {
        this.code = code;
        this.file = file;
        this.client = address.client();
        this.key = address.key();
        this.till = till;
        this.process = process;
    }

    /**
     * Starts the process, not the till.
     *
     * @param directory for its file, its log and its enrolment
     */
    static DemoOutlet start(Enrolment enrolment, Path directory, double rate, long seed) throws IOException {
        String code = enrolment.code();
        Path enrolmentFile = directory.resolve(code + ".json");
        Files.writeString(enrolmentFile, EnrolmentCodec.encode(enrolment));
        Path file = directory.resolve(code + ".db");
        String address = "127.0.0.1:" + Ports.remembered(directory.resolve(code + "-port"));
        String key = UUID.randomUUID().toString();
        JavaProcess process =
                JavaProcess.start(JavaProcess.Spec.of(OutletMain.class.getName(), directory.resolve(code + ".log"))
                        .withArgs("--enrol", enrolmentFile.toString(), "--file", file.toString(), "--http", address)
                        .withEnvironment(Map.of("WARUNG_API_KEY", key))
                        .withJvmOptions(Roles.outletJvm().toArray(String[]::new)));
        Address reached = new Address(new RoleClient("http://" + address), key);
        Till till = new Till(new Till.Options(code, file, rate, seed));
        return new DemoOutlet(code, file, reached, till, process);
    }

    String code() {
        return code;
    }

    Path file() {
        return file;
    }

    Till till() {
        return till;
    }

    boolean isAway() {
        return isAway;
    }

    /** Empty as long as it does not answer. */
    RoleView view() {
        return new RoleView(isAway ? Optional.empty() : client.status());
    }

    /** Its process is killed: nothing reaches the server any more, nor comes from there. The till goes on. */
    void leave() {
        isAway = true;
        process.kill();
    }

    void comeBack() {
        process = process.startAgain();
        isAway = false;
    }

    /** Decides for what this outlet wrote. @return whether it knows the conflict, and has noted the decision */
    boolean decide(UUID conflict) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(client.url() + "/api/v1/sync/resolve/" + conflict))
                .header("Authorization", "Bearer " + key)
                .timeout(HTTP_LIMIT)
                .POST(HttpRequest.BodyPublishers.ofString("{\"resolution\": \"client_wins\"}"))
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException notThere) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** With the end of its log, if it ended by itself. */
    Optional<String> failure() {
        return isAway || process.isAlive()
                ? Optional.empty()
                : Optional.of(code + " ended with exit code "
                        + process.exitCode().orElse(-1) + "; its log ends with:\n" + process.logTail());
    }

    /** What the application has written and the server has not answered, by the file itself. */
    long waiting() throws SQLException {
        return count("select (select count(*) from _warung_writes where status in ('pending', 'uploaded'))"
                + " + (select count(*) from _warung_journal)");
    }

    private long count(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("pragma busy_timeout = " + BUSY_MS);
            try (ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    @Override
    public void close() {
        till.stop();
        process.stop(STOP_LIMIT);
    }
}
