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

    private final SourceEvent event;
    private final long bytes;

    /** @param bytes the size of the message it came in */
    public EventValue(SourceEvent event, long bytes) {
        super(NO_FIELDS);
        this.event = event;
        this.bytes = bytes;
    }

    public SourceEvent event() {
        return event;
    }

    /** Size of the message it came in, as PostgreSQL sent it. */
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
