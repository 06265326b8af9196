package dev.warung.embedded;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An embedded PostgreSQL 18 with {@code wal_level=logical}, durable as a real one, that can be killed and started again on
 * the same data directory and port. It ends when this JVM ends.
 *
 * <p>Thread: start, stop and kill by one thread at a time.
 */
public final class PostgresServer implements AutoCloseable {
    public static final String USER = "postgres";

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("wal_level", "logical"),
            Map.entry("max_wal_senders", "20"),
            Map.entry("max_replication_slots", "20"),
            Map.entry("max_connections", "100"),
            Map.entry("max_prepared_transactions", "10"),
            Map.entry("wal_sender_timeout", "60s"),
            Map.entry("fsync", "on"),
            Map.entry("synchronous_commit", "on"),
            Map.entry("full_page_writes", "on"),
            Map.entry("track_commit_timestamp", "on"),
            Map.entry("shared_buffers", "128MB"),
            Map.entry("max_wal_size", "1GB"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("log_line_prefix", "%m [%p] "));

    private final PostgresOptions options;
    private final PostgresInstallation installation;
    private final int port;
    private @Nullable Process postmaster;
    private @Nullable Process watcher;

    private PostgresServer(PostgresOptions options, PostgresInstallation installation, int port) {
        this.options = options;
        this.installation = installation;
        this.port = port;
    }

    /** Starts a server; the data directory is made when there is none. */
    public static PostgresServer start(PostgresOptions options) {
        PostgresInstallation installation = PostgresInstallation.prepare(options);
        int port = options.port() != 0
                ? options.port()
                : Ports.remembered(options.directory().resolve("port"));
        PostgresServer server = new PostgresServer(options, installation, port);
        server.start();
        return server;
    }

    public static PostgresServer temporary() {
        return start(PostgresOptions.temporary());
    }

    /** Starts it again after a kill or stop; nothing happens when it runs. */
    public void start() {
        if (isRunning()) {
            return;
        }
        Map<String, String> settings = new TreeMap<>(SETTINGS);
        settings.putAll(options.settings());
        settings.put("port", Integer.toString(port));
        installation.writeSettings(settings);
        Process process = installation.launch();
        postmaster = process;
        watcher = installation.watch(process.pid());
        boolean ready = Await.until(START_LIMIT, () -> answers() || !process.isAlive());
        if (!ready || !process.isAlive()) {
            kill();
            throw new IllegalStateException("PostgreSQL did not start; its log ends with:\n" + logTail());
        }
    }

    private boolean answers() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            return statement.execute("select 1");
        } catch (SQLException notYet) {
            return false;
        }
    }

    public boolean isRunning() {
        Process process = postmaster;
        return process != null && process.isAlive();
    }

    public long pid() {
        Process process = postmaster;
        if (process == null) {
            throw new IllegalStateException("PostgreSQL is not running");
        }
        return process.pid();
    }

    public int port() {
        return port;
    }

    public String password() {
        return installation.password();
    }

    /** The file in which the superuser's password stands. */
    public Path passwordFile() {
        return installation.passwordFile();
    }

    public Path logFile() {
        return installation.logFile();
    }

    public String logTail() {
        return LogFile.tail(installation.logFile());
    }

    public Path dataDirectory() {
        return installation.dataDirectory();
    }

    /** Of the database {@code postgres}, with the superuser's name and password in it. */
    public String jdbcUrl() {
        return jdbcUrl("postgres");
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=" + USER + "&password=" + password();
    }

    /** As {@code psql} takes it. */
    public String uri(String database) {
        return "postgresql://" + USER + ":" + password() + "@127.0.0.1:" + port + "/" + database;
    }

    /** A connection as superuser, with automatic commit. */
    public Connection connect() throws SQLException {
        return connect("postgres");
    }

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database));
    }

    /** As {@code kill -9} of the postmaster; returns when its children are gone too, so that it can be started again. */
    public void kill() {
        Process process = postmaster;
        endWatcher();
        if (process == null) {
            return;
        }
        List<ProcessHandle> children = new ArrayList<>(process.descendants().toList());
        process.destroyForcibly();
        waitFor(process);
        if (!Await.until(Duration.ofSeconds(3), () -> children.stream().noneMatch(ProcessHandle::isAlive))) {
            children.forEach(ProcessHandle::destroyForcibly);
            Await.until(STOP_LIMIT, () -> children.stream().noneMatch(ProcessHandle::isAlive));
        }
        postmaster = null;
    }

    /** A fast shutdown: sessions are ended, a checkpoint is written. */
    public void stop() {
        Process process = postmaster;
        if (process == null) {
            return;
        }
        if (process.isAlive()) {
            installation.signal("INT", process.pid());
        }
        if (!waitFor(process)) {
            kill();
        }
        endWatcher();
        postmaster = null;
    }

    /** A fast shutdown and a start. */
    public void restart() {
        stop();
        start();
    }

    @Override
    public void close() {
        if (options.deleteOnClose()) {
            kill();
            Directories.delete(options.directory());
        } else {
            stop();
        }
    }

    private void endWatcher() {
        Process process = watcher;
        if (process != null) {
            process.destroyForcibly();
            watcher = null;
        }
    }

    private static boolean waitFor(Process process) {
        try {
            return process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
