package dev.warung.capture.event;

import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import dev.warung.core.wire.RowOp;
import java.util.Optional;

/** One event of PostgreSQL's log. The events between two ends are the rows of one transaction. */
public sealed interface SourceEvent {

    /**
     * A row was inserted, updated, deleted, or a table truncated. An update that changes the key is one event.
     *
     * @param table its name at that place of the log
     * @param commitMs when its transaction was committed, milliseconds since 1970
     * @param lsn position of its WAL record, for information only
     * @param defect why the values are not usable; empty for a whole row
     */
    record RowEvent(TableId table, RowOp op, Images images, long commitMs, long xid, long lsn, Optional<String> defect)
            implements SourceEvent {}

    /** The row before and after, where the operation has them. */
    record Images(Optional<RowImage> before, Optional<RowImage> after) {
        public static final Images NONE = new Images(Optional.empty(), Optional.empty());
    }

    /**
     * A transaction ends here; nothing else ends one.
     *
     * @param commit the end of its commit record, from which the log can be read on
     */
    record TransactionEnd(Lsn commit, long committedAtUs, long xid) implements SourceEvent {}
}
