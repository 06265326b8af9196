package dev.warung.replicator.outlets;

import dev.warung.core.wire.OutletCodec;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The newest record of each outlet's private topic. Thread: that of the consumer, which it alone uses. */
final class OutletRecords {

    private static final Duration POLL = Duration.ofMillis(200);

    /** A topic may vanish while it is read. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Topics topics;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<String, OutletRecord> newest = new HashMap<>();

    OutletRecords(Topics topics, Consumer<byte[], byte[]> consumer) {
        this.topics = topics;
        this.consumer = consumer;
    }

    /**
     * Reads on until everything that was there is known, or time is up.
     *
     * @param ends the end offsets of the private topics that exist
     */
    void readTo(Map<TopicPartition, Long> ends) {
        Set<TopicPartition> fresh = new HashSet<>(ends.keySet());
        fresh.removeAll(consumer.assignment());
        consumer.assign(ends.keySet());
        consumer.seekToBeginning(fresh);
        Set<String> names = new HashSet<>();
        ends.keySet().forEach(partition -> names.add(partition.topic()));
        newest.keySet().retainAll(names);
        Set<TopicPartition> behind = new HashSet<>(ends.keySet());
        long until = System.nanoTime() + LIMIT.toNanos();
        while (!behind.isEmpty() && System.nanoTime() - until < 0) {
            for (ConsumerRecord<byte[], byte[]> one : consumer.poll(POLL)) {
                take(one);
            }
            behind.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> one) {
        if (one.key() == null || !new String(one.key(), StandardCharsets.UTF_8).equals(OutletCodec.KEY)) {
            return;
        }
        if (one.value() == null) {
            newest.remove(one.topic());
        } else {
            newest.put(one.topic(), OutletCodec.decode(one.value()));
        }
    }

    Optional<OutletRecord> of(String code) {
        return Optional.ofNullable(newest.get(topics.outlet(code)));
    }
}
