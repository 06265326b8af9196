package dev.warung.testkit;

import dev.warung.embedded.PostgresOptions;
import dev.warung.embedded.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One PostgreSQL for a test class:
 * {@code @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.create();}
 * Each test takes a database of its own from it.
 */
public final class PostgresFixture implements BeforeAllCallback, AfterAllCallback {
    private final Map<String, String> settings;
    private final AtomicInteger databases = new AtomicInteger();
    private @Nullable PostgresServer server;

    private PostgresFixture(Map<String, String> settings) {
        this.settings = settings;
    }

    public static PostgresFixture create() {
        return new PostgresFixture(Map.of());
    }

    /** With server settings, e.g. {@code max_slot_wal_keep_size}. */
    public static PostgresFixture with(Map<String, String> settings) {
        return new PostgresFixture(Map.copyOf(settings));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        PostgresOptions options = PostgresOptions.temporary();
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            options = options.withSetting(setting.getKey(), setting.getValue());
        }
        server = PostgresServer.start(options);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        PostgresServer started = server;
        if (started != null) {
            started.close();
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
        String name = "test_" + databases.incrementAndGet();
        try (Connection connection = server().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new Database(server(), name);
    }
}
