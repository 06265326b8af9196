package dev.warung.replicator.log;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The clients with which one thread reads the log. */
public final class LogConnection implements AutoCloseable {

    private static final int FETCH_BYTES = 8 << 20;
    private static final int PARTITION_FETCH_BYTES = 512 << 10;
    private static final int POLL_RECORDS = 2_000;
    private static final int PATIENCE_MS = 20_000;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final Admin admin;

    /**
     * Connects.
     *
     * @param clientProperties what both clients need: servers, security
     * @param group where the position is published for lag tools
     */
    public LogConnection(Map<String, Object> clientProperties, String group) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.putIfAbsent(CommonClientConfigs.CLIENT_ID_CONFIG, group);
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS);
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS / 2);
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        this.admin = Admin.create(properties);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    public Consumer<byte[], byte[]> consumer() {
        return consumer;
    }

    public Admin admin() {
        return admin;
    }

    public TopicIds topicIds() {
        return new TopicIds(admin);
    }

    @Override
    @SuppressWarnings("deprecation") // the replacement names a group membership, which we do not have
    public void close() {
        try {
            consumer.close(CLOSE_PATIENCE);
        } finally {
            admin.close(CLOSE_PATIENCE);
        }
    }
}
