package dev.warung.replicator.follow;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Lets another thread stop the replicator between two PostgreSQL transactions.
 *
 * <p>Thread: any; one hold at a time, a second caller is refused.
 */
public interface ApplyGate {

    /**
     * Waits until everything applied so far is committed to SQLite and the replicator stands between two PostgreSQL transactions;
     * it then applies nothing until the hold says so.
     *
     * @param lease after this time the replicator goes on by itself, so a caller that dies cannot stop it
     * @throws TimeoutException if it does not stand still within the lease (a huge transaction is being applied)
     * @throws IllegalStateException if it is held already or does not follow the log (it bootstraps, or has failed); the message says which
     */
    Hold hold(Duration lease) throws TimeoutException, InterruptedException;
}
