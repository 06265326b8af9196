package dev.warung.outlet.link;

import dev.warung.outlet.replica.Feed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The position as a consumer group's offsets, so that the server can tell how far an outlet is and when it was last seen; never read back.
 * Used only by the outlet thread.
 */
final class PublishedPosition {

    private static final Logger LOG = LoggerFactory.getLogger(PublishedPosition.class);
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final InstantSource clock;
    private long last;
    private boolean isFirst = true;

    PublishedPosition(Consumer<byte[], byte[]> consumer, InstantSource clock) {
        this.consumer = consumer;
        this.clock = clock;
    }

    /** @param feeds as they are in the file */
    void publish(Collection<Feed> feeds) {
        if (feeds.isEmpty()
                || (!isFirst && Duration.ofNanos(System.nanoTime() - last).compareTo(EVERY) < 0)) {
            return;
        }
        isFirst = false;
        last = System.nanoTime();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (Feed feed : feeds) {
            String metadata = "{\"at_ms\":" + clock.millis() + ",\"applied\":\""
                    + feed.progress().end().id() + "\"}";
            offsets.put(
                    new TopicPartition(feed.topic(), 0),
                    new OffsetAndMetadata(feed.progress().nextOffset(), metadata));
        }
        consumer.commitAsync(offsets, (done, failure) -> {
            if (failure != null && !(failure instanceof RetriableException)) {
                LOG.warn("The position could not be published for the server: {}", failure.toString());
            }
        });
    }
}
