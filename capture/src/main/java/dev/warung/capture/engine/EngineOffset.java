package dev.warung.capture.engine;

import dev.warung.core.change.Lsn;
import java.util.Map;

/**
 * The offset at which the engine resumes: always the end of a transaction.
 *
 * <p>Debezium's own offset may point into a transaction; after a restart it then skips the rest of a heap page (all rows of one
 * COPY page share an LSN). With {@code lsn = lsn_commit} and nothing else, its search phase is off and PostgreSQL itself sends
 * every transaction whose commit comes after, whole and in the same order: change ids stay reproducible (I2, I5).
 */
public final class EngineOffset {

    static final String LSN = "lsn";
    static final String COMMIT = "lsn_commit";
    static final String TIME_US = "ts_usec";

    private EngineOffset() {}

    /** The offset to resume after the transaction that ended at {@code commit}, or at a slot's consistent point. */
    public static Map<String, Object> after(Lsn commit, long committedAtUs) {
        return Map.of(LSN, commit.value(), COMMIT, commit.value(), TIME_US, committedAtUs);
    }

    /** The commit that an offset resumes after. @throws IllegalArgumentException if it is not a rewound offset */
    public static Lsn commitOf(Map<String, Object> offset) {
        if (offset.get(COMMIT) instanceof Number commit && commit.equals(offset.get(LSN))) {
            return new Lsn(commit.longValue());
        }
        throw new IllegalArgumentException("not an offset at a transaction's end: " + offset);
    }
}
