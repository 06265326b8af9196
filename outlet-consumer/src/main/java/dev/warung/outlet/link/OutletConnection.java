package dev.warung.outlet.link;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The clients with which the outlet thread reads its topics: small buffers, patient with a weak link. */
public final class OutletConnection implements ServerLink, AutoCloseable {

    private static final int FETCH_BYTES = 2 << 20;
    private static final int PARTITION_FETCH_BYTES = 512 << 10;
    private static final int POLL_RECORDS = 2_000;
    private static final int PATIENCE_MS = 20_000;
    private static final int RECONNECT_MS = 200;
    private static final int RECONNECT_MAX_MS = 10_000;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);
    private static final long PRODUCER_BYTES = 8L << 20;
    private static final int RECORD_BYTES_MAX = 4 << 20;
    /** The outlet thread waits for Kafka this long when it begins to send. */
    private static final int PRODUCER_BLOCK_MS = 3_000;

    private final Consumer<byte[], byte[]> consumer;
    private final Admin admin;
    private final PrivateTopic privateTopic;
    private final String uploadTopic;
    private final Map<String, Object> producerProperties;
    private @Nullable Producer<byte[], byte[]> producer;

    /**
     * The topics that belong to one outlet.
     *
     * @param told where the server tells it what it reads
     * @param upload where it sends what it has written
     */
    public record OwnTopics(String told, String upload) {}

    /**
     * Connects, and reads what the server tells the outlet.
     *
     * @param clientProperties what both clients need: servers, security
     * @param group where the position is published for lag tools
     * @throws PipelineException KAFKA_UNREACHABLE if Kafka does not answer
     */
    public static OutletConnection open(Map<String, Object> clientProperties, String group, OwnTopics topics) {
        OutletConnection connection = new OutletConnection(clientProperties, group, topics);
        try {
            connection.privateTopic.readAhead();
            return connection;
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private OutletConnection(Map<String, Object> clientProperties, String group, OwnTopics topics) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.putIfAbsent(CommonClientConfigs.CLIENT_ID_CONFIG, group);
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS);
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS / 2);
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, RECONNECT_MS);
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_MAX_MS);
        properties.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        this.admin = Admin.create(properties);
        // The first answer takes longest; it comes while the consumer is made.
        var unused = admin.describeTopics(Set.of(topics.told()));
        this.producerProperties = new HashMap<>(properties);
        this.uploadTopic = topics.upload();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.privateTopic = new PrivateTopic(this, topics.told());
    }

    PrivateTopic privateTopic() {
        return privateTopic;
    }

    Consumer<byte[], byte[]> consumer() {
        return consumer;
    }

    @Override
    public String uploadTopic() {
        return uploadTopic;
    }

    @Override
    public Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> known = producer;
        if (known == null) {
            producerProperties.put(ProducerConfig.ACKS_CONFIG, "all");
            producerProperties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
            producerProperties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, PRODUCER_BYTES);
            producerProperties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RECORD_BYTES_MAX);
            producerProperties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PRODUCER_BLOCK_MS);
            producerProperties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * PATIENCE_MS);
            known = new KafkaProducer<>(producerProperties, new ByteArraySerializer(), new ByteArraySerializer());
            producer = known;
        }
        return known;
    }

    @Override
    public Future<Map<TopicPartition, Long>> ends(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.latest(), new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED));
    }

    /**
     * Where what can be read of the topics ends now. Not asked of the consumer: on its link the question would wait behind a fetch that waits
     * for records, half a second.
     *
     * @throws TimeoutException if Kafka does not answer within {@code patience}
     */
    Map<TopicPartition, Long> readableEnds(Collection<TopicPartition> partitions, Duration patience) {
        return get(offsets(partitions, OffsetSpec.latest(), readable(patience)));
    }

    /**
     * Where topics begin now.
     *
     * @throws TimeoutException if Kafka does not answer within {@code patience}
     */
    Map<TopicPartition, Long> beginnings(Collection<TopicPartition> partitions, Duration patience) {
        return get(offsets(partitions, OffsetSpec.earliest(), readable(patience)));
    }

    private static ListOffsetsOptions readable(Duration patience) {
        return new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs((int) patience.toMillis());
    }

    private KafkaFuture<Map<TopicPartition, Long>> offsets(
            Collection<TopicPartition> partitions, OffsetSpec which, ListOffsetsOptions options) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, which));
        return admin.listOffsets(asked, options).all().thenApply(found -> {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            found.forEach((partition, offset) -> offsets.put(partition, offset.offset()));
            return offsets;
        });
    }

    private static <T> T get(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException known) {
                throw known;
            }
            throw new PipelineException(
                    ErrorCode.KAFKA_UNREACHABLE, "Cannot ask for offsets: " + e.getCause() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PipelineException(ErrorCode.KAFKA_UNREACHABLE, "Interrupted while asking for offsets.", e);
        }
    }

    /**
     * Kafka's ids of those topics that exist: one that was deleted and created anew has another, though its name and offsets look valid.
     *
     * @throws PipelineException KAFKA_UNREACHABLE if Kafka does not answer
     */
    Map<String, String> topicIds(Collection<String> topics) {
        Map<String, String> ids = new HashMap<>();
        admin.describeTopics(topics).topicNameValues().forEach((topic, future) -> {
            String id = id(future);
            if (!id.isEmpty()) {
                ids.put(topic, id);
            }
        });
        return ids;
    }

    private static String id(KafkaFuture<TopicDescription> future) {
        try {
            return future.get().topicId().toString();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return "";
            }
            throw new PipelineException(
                    ErrorCode.KAFKA_UNREACHABLE, "Cannot describe topics: " + e.getCause() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PipelineException(ErrorCode.KAFKA_UNREACHABLE, "Interrupted while describing topics.", e);
        }
    }

    @Override
    @SuppressWarnings("deprecation") // the replacement names a group membership, which we do not have
    public void close() {
        try {
            consumer.close(CLOSE_PATIENCE);
        } finally {
            Producer<byte[], byte[]> known = producer;
            if (known != null) {
                known.close(CLOSE_PATIENCE);
            }
            admin.close(CLOSE_PATIENCE);
        }
    }
}
