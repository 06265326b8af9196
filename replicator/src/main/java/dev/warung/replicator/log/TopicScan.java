package dev.warung.replicator.log;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads one topic from an offset to where it ends now. Used only by the thread that owns the consumer. */
public final class TopicScan {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;

    public TopicScan(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** Receives each record. */
    public interface Receiver {
        void accept(LogRecord record);
    }

    /**
     * Reads until the end as it is now.
     *
     * @return the offset from which to read on; less than the end if {@code stop} came first
     */
    public long read(String topic, long from, CountDownLatch stop, Receiver receiver) {
        return readRaw(topic, from, stop, record -> receiver.accept(LogRecord.of(record)));
    }

    /** Like {@link #read}, for topics whose records carry no headers of changes. */
    public long readRaw(
            String topic,
            long from,
            CountDownLatch stop,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> receiver) {
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.assign(Set.of(partition));
        Map<TopicPartition, Long> ends = consumer.endOffsets(Set.of(partition), PATIENCE);
        Map<TopicPartition, Long> firsts = consumer.beginningOffsets(Set.of(partition), PATIENCE);
        long end = ends.getOrDefault(partition, 0L);
        consumer.seek(partition, Math.max(from, firsts.getOrDefault(partition, 0L)));
        while (consumer.position(partition, PATIENCE) < end && stop.getCount() > 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE).records(partition)) {
                receiver.accept(record);
            }
        }
        return consumer.position(partition, PATIENCE);
    }
}
