package dev.warung.replicator.follow;

import dev.warung.core.wire.Topics;
import dev.warung.replicator.log.LogPosition;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The position as a consumer group's offsets, for lag tools; never read back. Used only by the replicator thread. */
final class PublishedPosition {

    private static final Logger LOG = LoggerFactory.getLogger(PublishedPosition.class);
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final Topics topics;
    private long last = System.nanoTime();

    PublishedPosition(Consumer<byte[], byte[]> consumer, Topics topics) {
        this.consumer = consumer;
        this.topics = topics;
    }

    void publish(LogPosition position) {
        if (Duration.ofNanos(System.nanoTime() - last).compareTo(EVERY) < 0) {
            return;
        }
        last = System.nanoTime();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        offsets.put(new TopicPartition(topics.commits(), 0), new OffsetAndMetadata(position.commitsOffset()));
        position.ends().forEach((topic, end) -> offsets.put(new TopicPartition(topic, 0), new OffsetAndMetadata(end)));
        consumer.commitAsync(offsets, (done, failure) -> {
            if (failure != null && !(failure instanceof RetriableException)) {
                LOG.warn("The position could not be published for lag tools: {}", failure.toString());
            }
        });
    }
}
