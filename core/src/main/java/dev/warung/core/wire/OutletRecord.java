package dev.warung.core.wire;

import dev.warung.core.upload.WritableTable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the private topic of an outlet says to it: who it is and which topics it reads.
 *
 * @param id UUID; another outlet may have had the same code before
 * @param code its name in topics and groups
 * @param attributes as texts; NULL ones are left out
 * @param enabled whether it may go on
 * @param generation when it has grown, the outlet fetches everything again
 * @param shapes only those that are complete
 * @param writable the tables that the outlet may write
 */
public record OutletRecord(
        String id,
        String code,
        String name,
        Map<String, String> attributes,
        boolean enabled,
        int generation,
        List<Feed> shapes,
        List<WritableTable> writable) {

    public OutletRecord {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        shapes = List.copyOf(shapes);
        writable = List.copyOf(writable);
    }

    /**
     * One shape instance.
     *
     * @param topicId Kafka's id of the topic: a topic that was created again has another
     */
    public record Feed(String shape, String topic, String topicId, int generation) {}
}
