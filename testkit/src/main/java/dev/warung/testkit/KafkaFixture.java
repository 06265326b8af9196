package dev.warung.testkit;

import dev.warung.embedded.KafkaOptions;
import dev.warung.embedded.KafkaServer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A Kafka broker for a test class: {@code @RegisterExtension static final KafkaFixture KAFKA = KafkaFixture.create();}
 * Each test takes a topic prefix of its own from it. Classes that want nothing special share one broker, which lives as long as their JVM;
 * one may kill it and start it again.
 *
 * <p>Thread: test classes run one after the other.
 */
public final class KafkaFixture implements BeforeAllCallback, AfterAllCallback {
    private static final AtomicInteger PREFIXES = new AtomicInteger();
    private static @Nullable KafkaServer shared;

    private final Map<String, String> properties;
    private @Nullable KafkaServer server;

    private KafkaFixture(Map<String, String> properties) {
        this.properties = properties;
    }

    public static KafkaFixture create() {
        return new KafkaFixture(Map.of());
    }

    /** One of its own, with broker properties, e.g. {@code log.cleaner.backoff.ms}. */
    public static KafkaFixture with(Map<String, String> properties) {
        return new KafkaFixture(Map.copyOf(properties));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server = properties.isEmpty() ? shared() : start(properties);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        KafkaServer started = server;
        if (started != null && !properties.isEmpty()) {
            started.close();
        }
    }

    private static synchronized KafkaServer shared() {
        KafkaServer running = shared;
        if (running == null) {
            running = start(Map.of());
            Runtime.getRuntime().addShutdownHook(new Thread(running::close));
            shared = running;
        }
        // A test that failed may have left it dead.
        running.start();
        return running;
    }

    private static KafkaServer start(Map<String, String> properties) {
        KafkaOptions options = KafkaOptions.temporary().withHeap("384m").forShortLife();
        for (Map.Entry<String, String> property : properties.entrySet()) {
            options = options.withProperty(property.getKey(), property.getValue());
        }
        return KafkaServer.start(options);
    }

    public KafkaServer server() {
        KafkaServer started = server;
        if (started == null) {
            throw new IllegalStateException("declare the fixture static, with @RegisterExtension");
        }
        return started;
    }

    public String bootstrapServers() {
        return server().bootstrapServers();
    }

    /** A topic prefix nobody else uses on this broker. */
    public String createPrefix() {
        return "test" + PREFIXES.incrementAndGet();
    }

    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }
}
