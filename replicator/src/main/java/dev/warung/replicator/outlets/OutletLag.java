package dev.warung.replicator.outlets;

import dev.warung.core.wire.OutletRecord;
import java.util.List;
import java.util.OptionalLong;

/**
 * An outlet as Kafka knows it.
 *
 * @param feeds the shape instances that it is told to read; empty as long as none is complete
 * @param lastSeenMs when it last published its position, milliseconds since 1970 by its own clock; empty if it never did
 * @param applied the last change id that it had in its file then; empty text if it never did
 * @param rows records in its topics that it had not applied then: rows, deletes and marks
 * @param behindMs age of the oldest of them; 0 if there is none
 */
public record OutletLag(
        String code, List<OutletRecord.Feed> feeds, OptionalLong lastSeenMs, String applied, long rows, long behindMs) {
    public OutletLag {
        feeds = List.copyOf(feeds);
    }
}
