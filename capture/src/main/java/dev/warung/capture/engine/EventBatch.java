package dev.warung.capture.engine;

import dev.warung.capture.event.SourceEvent;
import io.debezium.pipeline.DataChangeEvent;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/** Events that go through Debezium's engine as one record: it makes a task and a future of each. */
public final class EventBatch extends Struct {

    /** So many events that waited at once are a bulk: more are to be expected. */
    public static final int BULK = 100;

    private final List<SourceEvent> events;

    private EventBatch(List<SourceEvent> events) {
        super(EventValue.NO_FIELDS);
        this.events = events;
    }

    public List<SourceEvent> events() {
        return events;
    }

    /**
     * Puts events into one record, with partition and offset of the last.
     *
     * @param changes not empty; each holds an {@link EventValue}
     */
    public static DataChangeEvent of(List<DataChangeEvent> changes) {
        List<SourceEvent> events = new ArrayList<>(changes.size());
        for (DataChangeEvent change : changes) {
            events.add(((EventValue) change.getRecord().value()).event());
        }
        return after(changes.get(changes.size() - 1), events);
    }

    /** A record without events: nothing has come for a moment. */
    public static DataChangeEvent pauseAfter(DataChangeEvent last) {
        return after(last, List.of());
    }

    private static DataChangeEvent after(DataChangeEvent last, List<SourceEvent> events) {
        SourceRecord carrier = last.getRecord();
        return new DataChangeEvent(new SourceRecord(
                carrier.sourcePartition(),
                carrier.sourceOffset(),
                carrier.topic(),
                EventValue.NO_FIELDS,
                new EventBatch(events)));
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return events.toString();
    }
}
