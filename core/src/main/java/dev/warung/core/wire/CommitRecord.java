package dev.warung.core.wire;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import java.util.List;
import java.util.Map;

/**
 * What one Kafka transaction of capture holds: the last record that capture writes into it, apart from the position.
 *
 * @param kind what the reader may do at its end
 * @param previous the last change id of the commit record before; the chain shows a gap
 * @param first change id of the first record covered
 * @param last change id of the last record covered
 * @param ends each PostgreSQL transaction that ends in it, in order
 * @param topics for each topic touched, where it ends and how many records of it are covered
 * @param offset Debezium's offset to resume from, already rewound to a transaction's end; empty during the initial copy
 */
public record CommitRecord(
        Kind kind,
        ChangeId previous,
        ChangeId first,
        ChangeId last,
        List<TransactionEnd> ends,
        Map<String, Extent> topics,
        Map<String, Object> offset) {

    public CommitRecord {
        ends = List.copyOf(ends);
        topics = Map.copyOf(topics);
        offset = Map.copyOf(offset);
    }

    /** Where a reader stands after a commit record. */
    public enum Kind {
        /** Inside the initial copy: only generations in state copying are touched. */
        COPY,
        /** Inside a PostgreSQL transaction. */
        PART,
        /** At the end of a PostgreSQL transaction. */
        END
    }

    /**
     * The end of a PostgreSQL transaction.
     *
     * @param id the id of its end, above the ids of all its changes
     * @param commit its commit LSN, as Debezium reports it
     * @param committedAtUs when PostgreSQL committed it, microseconds since 1970
     * @param xid PostgreSQL's transaction number
     * @param records how many rows it changed outside capture's own tables; a change of the key counts once
     */
    public record TransactionEnd(ChangeId id, Lsn commit, long committedAtUs, long xid, long records) {}

    /** The part of one partition that a Kafka transaction covers: offset after its last record, number of records. */
    public record Extent(long endOffset, long count) {}
}
