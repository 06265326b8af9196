package dev.warung.replicator.log;

import dev.warung.core.wire.CommitRecord;

/** What the log holds next: records and ends of transactions in the order of change ids, then the end of their commit record. */
public sealed interface Step permits LogRecord, Step.TransactionEnded, Step.CommitRead, Step.Idle {

    /** Nothing (more) within the time allowed. */
    enum Idle implements Step {
        IDLE
    }

    /** All changes of a PostgreSQL transaction have been yielded. */
    record TransactionEnded(CommitRecord.TransactionEnd end) implements Step {}

    /** All that a commit record covers has been yielded. */
    record CommitRead(CommitRecord commit) implements Step {}
}
