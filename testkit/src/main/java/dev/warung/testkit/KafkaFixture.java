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
 * One Kafka broker for a test class: {@code @RegisterExtension static final KafkaFixture KAFKA = KafkaFixture.create();}
 * Each test takes a topic prefix of its own from it.
 */
public final class KafkaFixture implements BeforeAllCallback, AfterAllCallback {
    private final Map<String, String> properties;
    private final AtomicInteger prefixes = new AtomicInteger();
    private @Nullable KafkaServer server;

    private KafkaFixture(Map<String, String> properties) {
        this.properties = properties;
    }

    public static KafkaFixture create() {
        return new KafkaFixture(Map.of());
    }

    /** With broker properties, e.g. {@code log.cleaner.backoff.ms}. */
    public static KafkaFixture with(Map<String, String> properties) {
        return new KafkaFixture(Map.copyOf(properties));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        KafkaOptions options = KafkaOptions.temporary().withHeap("384m").forShortLife();
        for (Map.Entry<String, String> property : properties.entrySet()) {
            options = options.withProperty(property.getKey(), property.getValue());
        }
        server = KafkaServer.start(options);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        KafkaServer started = server;
        if (started != null) {
            started.close();
        }
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
        return "test" + prefixes.incrementAndGet();
    }

    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }
}
