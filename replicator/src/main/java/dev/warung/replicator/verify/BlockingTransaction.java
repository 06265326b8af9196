package dev.warung.replicator.verify;

/**
 * A transaction that PostgreSQL waits for.
 *
 * @param pid its server process; 0 for a prepared transaction
 * @param xid its transaction number
 * @param ageMs how long it has been open
 * @param application its application_name, or the name of the prepared transaction
 * @param state what its session does, such as {@code idle in transaction}
 * @param query the start of its last statement
 */
public record BlockingTransaction(int pid, long xid, long ageMs, String application, String state, String query) {

    /** One line for people. */
    public String describe() {
        String who = pid == 0 ? "prepared transaction " + application : "pid " + pid + " (" + application + ")";
        return who + ", transaction " + xid + ", open for " + ageMs / 1000 + " s, " + state
                + (query.isEmpty() ? "" : ": " + query);
    }
}
