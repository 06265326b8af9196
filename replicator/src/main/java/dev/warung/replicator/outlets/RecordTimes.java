package dev.warung.replicator.outlets;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * When the first record at or after an offset was written. Many outlets stand at one offset of a shared topic, so what was read is
 * remembered. Thread: that of the consumer, which it alone uses.
 */
final class RecordTimes {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final int REMEMBERED_MAX = 20_000;

    private final Consumer<byte[], byte[]> consumer;
    private final Map<Place, Long> known = new LinkedHashMap<>();

    RecordTimes(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** An offset of a topic. */
    record Place(TopicPartition partition, long offset) {}

    /**
     * Milliseconds since 1970 for each place; those where nothing could be read in time are left out.
     *
     * @param limit of the whole time
     */
    Map<Place, Long> read(Set<Place> places, Duration limit) {
        long until = System.nanoTime() + limit.toNanos();
        List<Place> missing = new ArrayList<>(places);
        missing.removeIf(known::containsKey);
        // A partition has one position, so places of the same one are read in rounds.
        while (!missing.isEmpty() && System.nanoTime() - until < 0) {
            Map<TopicPartition, Place> round = new HashMap<>();
            missing.forEach(place -> round.putIfAbsent(place.partition(), place));
            readRound(round, until);
            missing.removeAll(new HashSet<>(round.values()));
        }
        Map<Place, Long> times = new HashMap<>();
        places.forEach(place -> {
            Long time = known.get(place);
            if (time != null) {
                times.put(place, time);
            }
        });
        forgetSome();
        return times;
    }

    private void readRound(Map<TopicPartition, Place> round, long until) {
        consumer.assign(round.keySet());
        // A partition of the round before is still assigned, and paused.
        consumer.resume(round.keySet());
        round.values().forEach(place -> consumer.seek(place.partition(), place.offset()));
        Set<TopicPartition> open = new HashSet<>(round.keySet());
        while (!open.isEmpty() && System.nanoTime() - until < 0) {
            for (ConsumerRecord<byte[], byte[]> one : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(one.topic(), one.partition());
                Place place = round.get(partition);
                if (place != null && open.remove(partition)) {
                    known.put(place, one.timestamp());
                    consumer.pause(Set.of(partition));
                }
            }
        }
    }

    private void forgetSome() {
        while (known.size() > REMEMBERED_MAX) {
            known.remove(known.keySet().iterator().next());
        }
    }
}
