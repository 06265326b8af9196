package dev.warung.outlet.link;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/** What the outlet asks of Kafka beside reading its topics. Used only by the outlet thread. */
interface ServerLink {

    /** Where topics end now, what is not committed yet included. */
    Future<Map<TopicPartition, Long>> ends(Collection<TopicPartition> partitions);

    /** Made when it is used first: most outlets write little, and many nothing. */
    Producer<byte[], byte[]> producer();

    String uploadTopic();

    /** For waits: it goes forward evenly, whatever is done to the device's clock. */
    default long nanoTime() {
        return System.nanoTime();
    }
}
