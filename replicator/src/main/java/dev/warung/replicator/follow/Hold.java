package dev.warung.replicator.follow;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;

/** A replicator that stands still between two PostgreSQL transactions; closing it lets the replicator go on. */
public interface Hold extends AutoCloseable {

    /** The last change in the backup. */
    ChangeId position();

    /** The commit LSN of the last transaction in the backup, as Debezium reports it. */
    Lsn commit();

    /**
     * Applies and commits exactly the transactions whose commit LSN is below {@code end}, then runs the task on the replicator's
     * thread while it stands there, and stays there. Waits for the log to show a transaction at or above {@code end} (a heartbeat
     * is one), because only then is everything below it known to have come.
     *
     * @throws TimeoutException if the lease ended first
     * @throws Exception what the task throws; {@link IllegalStateException} if the replicator failed meanwhile or is past {@code end}
     */
    <T> T runBefore(Lsn end, Callable<T> task) throws Exception;

    /** Lets the replicator go on. */
    @Override
    void close();
}
