package dev.warung.capture.publish;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How Kafka is reached and how topics are kept.
 *
 * @param client further properties of every client, such as security.protocol
 * @param replication replicas of each topic
 */
public record KafkaSettings(String bootstrap, Map<String, String> client, short replication, Keep keep) {

    /**
     * How long topics keep what.
     *
     * @param versions every version of a row at least this long
     * @param deletes deletes and commit records this long: the longest promised offline time
     * @param segmentBytes size of a segment; small ones are for tests
     */
    public record Keep(Duration versions, Duration deletes, long segmentBytes) {
        public static final Keep DEFAULT = new Keep(Duration.ofDays(7), Duration.ofDays(35), 1L << 28);
    }

    public static KafkaSettings of(String bootstrap) {
        return new KafkaSettings(bootstrap, Map.of(), (short) 1, Keep.DEFAULT);
    }

    Map<String, Object> clientProperties() {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("bootstrap.servers", bootstrap);
        return properties;
    }
}
