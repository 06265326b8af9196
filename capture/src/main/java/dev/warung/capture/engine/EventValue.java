package dev.warung.capture.engine;

import dev.warung.capture.event.SourceEvent;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way through Debezium, which takes nothing but Connect's structures. It has no fields: whoever asks for its source
 * block or a number in it, as Debezium's meters do, gets this one again and no number.
 */
public final class EventValue extends Struct {

    public static final Schema NO_FIELDS =
            SchemaBuilder.struct().name("warung.event").build();

    /** What a value takes beside its characters: a string, an array, a reference. */
    private static final long VALUE_BYTES = 50;

    private final SourceEvent event;
    private final long bytes;

    /** @param messageBytes the size of the message it came in */
    public EventValue(SourceEvent event, long messageBytes) {
        super(NO_FIELDS);
        this.event = event;
        this.bytes = messageBytes + VALUE_BYTES * values(event);
    }

    private static int values(SourceEvent event) {
        if (!(event instanceof SourceEvent.RowEvent row)) {
            return 0;
        }
        return row.images().before().map(image -> image.texts().length).orElse(0)
                + row.images().after().map(image -> image.texts().length).orElse(0);
    }

    public SourceEvent event() {
        return event;
    }

    /** What it takes in memory, about. */
    public long bytes() {
        return bytes;
    }

    @Override
    public Struct getStruct(String fieldName) {
        return this;
    }

    @Override
    public @Nullable Long getInt64(String fieldName) {
        return null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return event.toString();
    }
}
