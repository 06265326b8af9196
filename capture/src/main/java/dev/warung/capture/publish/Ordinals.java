package dev.warung.capture.publish;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;

/**
 * Numbers the records inside a transaction so that a replay gives the same numbers.
 *
 * <p>Ordinal = event × 2^24 + place. Event 0 are capture's own records before the transaction's first row (a table that was found
 * changed); rows count from 1, in the order of the log; the end of the transaction counts as one more. Places are 0 delete, 1 tombstone,
 * 2 the row; from 3 on schema records and the rows of a chunk that enter at this event.
 */
final class Ordinals {

    static final int PLACE_BITS = 24;

    /** Places of one event. */
    static final int PLACES = 1 << PLACE_BITS;

    /** The first place of records that an event brings along. */
    static final int EXTRA = 3;

    private Ordinals() {}

    static ChangeId id(int epoch, Lsn previousCommit, long event, long place) {
        if (place >= PLACES) {
            throw new IllegalArgumentException("an event has at most " + PLACES + " records");
        }
        return new ChangeId(epoch, previousCommit, (event << PLACE_BITS) | place);
    }
}
