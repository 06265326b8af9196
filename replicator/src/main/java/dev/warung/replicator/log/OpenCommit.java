package dev.warung.replicator.log;

import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.CommitRecord.TransactionEnd;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commit record being read: merges the topics that it covers by change id. Used only by the reader's thread. */
final class OpenCommit {

    private final CommitRecord commit;
    private final long offset;
    private final List<PartitionBuffer> sources;
    private int nextEnd;
    private @Nullable PartitionBuffer current;
    /** The smallest next record of the other sources when {@link #current} was chosen; it stays so until one of them is read. */
    private @Nullable LogRecord rival;

    OpenCommit(CommitRecord commit, long offset, List<PartitionBuffer> sources) {
        this.commit = commit;
        this.offset = offset;
        this.sources = sources;
    }

    CommitRecord commit() {
        return commit;
    }

    long offset() {
        return offset;
    }

    List<PartitionBuffer> sources() {
        return sources;
    }

    /** A source that must be fetched or closed before the merge can go on; empty if the next record is known. */
    @Nullable
    PartitionBuffer awaited() {
        for (PartitionBuffer source : sources) {
            if (source.needCount() > 0 && !source.hasNeeded()) {
                return source;
            }
        }
        return null;
    }

    /** The record with the smallest change id; null if all are read. Requires that nothing is awaited. */
    @Nullable
    LogRecord peek() {
        PartitionBuffer chosen = current;
        if (chosen != null && chosen.hasNeeded()) {
            LogRecord next = chosen.peek();
            if (next != null && (rival == null || next.id().compareTo(rival.id()) <= 0)) {
                return next;
            }
        }
        choose();
        return current == null ? null : current.peek();
    }

    /** Removes the record that {@link #peek} showed. */
    void take() {
        if (current != null) {
            current.take();
        }
    }

    /** The end of the transaction that is being read; null if it does not end in this commit record. */
    @Nullable
    TransactionEnd pendingEnd() {
        return nextEnd < commit.ends().size() ? commit.ends().get(nextEnd) : null;
    }

    void passEnd() {
        nextEnd++;
    }

    private void choose() {
        current = null;
        rival = null;
        for (PartitionBuffer source : sources) {
            if (!source.hasNeeded()) {
                continue;
            }
            LogRecord candidate = source.peek();
            LogRecord best = current == null ? null : current.peek();
            if (candidate == null) {
                continue;
            }
            if (best == null || candidate.id().compareTo(best.id()) < 0) {
                rival = best;
                current = source;
            } else if (rival == null || candidate.id().compareTo(rival.id()) < 0) {
                rival = candidate;
            }
        }
    }
}
