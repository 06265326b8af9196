package dev.warung.bench.stage;

import dev.warung.bench.measure.Wait;
import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.ControlCodec;
import dev.warung.core.wire.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A reader of committed records that notes when the end of each transaction reaches it, from now on. */
public final class LogWatch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final InstantSource clock;
    private final List<Long> latenciesUs = new ArrayList<>();
    private final Thread thread = new Thread(this::read, "log-watch");
    private volatile boolean closing;

    private LogWatch(KafkaConsumer<byte[], byte[]> consumer, InstantSource clock) {
        this.consumer = consumer;
        this.clock = clock;
    }

    static LogWatch start(String bootstrapServers, Topics topics, InstantSource clock) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> commits = List.of(new TopicPartition(topics.commits(), 0));
        consumer.assign(commits);
        consumer.seekToEnd(commits);
        consumer.position(commits.get(0));
        LogWatch watch = new LogWatch(consumer, clock);
        watch.thread.setDaemon(true);
        watch.thread.start();
        return watch;
    }

    private void read() {
        while (!closing) {
            for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(POLL)) {
                long now = ArrivalWatch.micros(clock.instant());
                for (CommitRecord.TransactionEnd end :
                        ControlCodec.decodeCommit(entry.value()).ends()) {
                    if (end.records() > 0) {
                        add(now - end.committedAtUs());
                    }
                }
            }
        }
    }

    private void add(long latencyUs) {
        synchronized (latenciesUs) {
            latenciesUs.add(latencyUs);
        }
    }

    /** From PostgreSQL's commit to the reader, for each transaction with rows since the last call; microseconds. */
    public long[] take() {
        synchronized (latenciesUs) {
            long[] taken = latenciesUs.stream().mapToLong(Long::longValue).toArray();
            latenciesUs.clear();
            return taken;
        }
    }

    @Override
    public void close() {
        closing = true;
        Wait.forEnd(thread);
        consumer.close();
    }
}
