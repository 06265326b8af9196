package dev.warung.replicator.routing;

import dev.warung.core.wire.Topics;
import java.time.Duration;
import java.util.Map;

/**
 * How changes are routed.
 *
 * @param kafka what every Kafka client needs: servers, security
 * @param grace how long a shape instance or a private topic that nobody uses stays
 * @param rowBytesMax a larger row is left out of shapes, loudly
 */
public record RouterOptions(
        Topics topics, Map<String, Object> kafka, TopicOptions shapeTopics, Duration grace, long rowBytesMax) {
    public RouterOptions {
        kafka = Map.copyOf(kafka);
    }

    /**
     * How shape topics are kept.
     *
     * @param versions every version of a row at least this long
     * @param deletes deletes this long: the longest promised offline time
     * @param segmentBytes size of a segment; small ones are for tests
     */
    public record TopicOptions(short replication, Duration versions, Duration deletes, long segmentBytes) {}
}
