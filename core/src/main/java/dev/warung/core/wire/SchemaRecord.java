package dev.warung.core.wire;

import dev.warung.core.schema.TableSchema;

/**
 * A record of the schema topic: from its change id on, something about the tables is so. Declarative: a reader compares it
 * with what it has.
 */
public sealed interface SchemaRecord {

    /** The state of a generation of a table. */
    enum State {
        /** Its rows are still being copied; a replica keeps them out of sight. */
        COPYING,
        /** It is the table. A generation that turns live replaces the one before in one step. */
        LIVE,
        /** Its stream can no longer be followed: the visible rows are frozen until a new generation replaces them. */
        BROKEN,
        /** The table is gone. */
        DROPPED
    }

    /**
     * A table looks like this.
     *
     * @param reason why it is in this state, for people; may be empty
     * @param sinceMs when the state began, milliseconds since 1970
     */
    record Table(TableSchema schema, State state, String reason, long sinceMs) implements SchemaRecord {}

    /** The initial copy of an epoch is complete: all its generations go live at once, all that is older goes. */
    record EpochComplete(int epoch) implements SchemaRecord {}
}
