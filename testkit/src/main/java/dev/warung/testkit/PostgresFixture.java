package dev.warung.testkit;

import dev.warung.embedded.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A PostgreSQL for a test class:
 * {@code @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.create();}
 * Each test takes a database of its own from it. Classes share one server, which lives as long as their JVM; one may restart it, and
 * replication slots that the class before has left are dropped.
 *
 * <p>Thread: test classes run one after the other.
 */
public final class PostgresFixture implements BeforeAllCallback {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static @Nullable PostgresServer shared;

    private @Nullable PostgresServer server;

    private PostgresFixture() {}

    public static PostgresFixture create() {
        return new PostgresFixture();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server = shared();
    }

    private static synchronized PostgresServer shared() {
        PostgresServer running = shared;
        if (running == null) {
            running = PostgresServer.temporary();
            Runtime.getRuntime().addShutdownHook(new Thread(running::close));
            shared = running;
        }
        // A test that failed may have left it dead.
        running.start();
        execute(running, "select pg_terminate_backend(active_pid, 5000) from pg_replication_slots where active");
        execute(running, "select pg_drop_replication_slot(slot_name) from pg_replication_slots");
        return running;
    }

    private static void execute(PostgresServer server, String sql) {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public PostgresServer server() {
        PostgresServer started = server;
        if (started == null) {
            throw new IllegalStateException("declare the fixture static, with @RegisterExtension");
        }
        return started;
    }

    /** A new, empty database. */
    public Database createDatabase() {
        String name = "test_" + DATABASES.incrementAndGet();
        execute(server(), "create database " + name);
        return new Database(server(), name);
    }
}
