package dev.warung.capture.source;

import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.ErrorCode;
import java.util.Optional;

/**
 * Whether the stream can go on from a slot, after what is durable in the log (I3).
 *
 * @param code what is wrong; empty if nothing is
 * @param detail one sentence about it
 */
record SlotHealth(Optional<ErrorCode> code, String detail) {

    private static final SlotHealth GOOD = new SlotHealth(Optional.empty(), "");

    /**
     * A slot as {@code pg_replication_slots} shows it.
     *
     * @param confirmed what PostgreSQL was told is safe; empty if it is not known any more
     * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}
     */
    record State(
            String name,
            String plugin,
            boolean temporary,
            boolean sameDatabase,
            Optional<Lsn> confirmed,
            String walStatus) {}

    /** @param durable commit LSN of the last transaction that is whole in the log */
    static SlotHealth of(String name, Optional<State> found, Lsn durable) {
        if (found.isEmpty()) {
            return bad(ErrorCode.SLOT_MISSING, "There is no slot " + name + ".");
        }
        State slot = found.get();
        if (!slot.plugin().equals("pgoutput") || slot.temporary() || !slot.sameDatabase()) {
            return bad(
                    ErrorCode.SLOT_MISSING,
                    "The slot " + name + " is not a permanent pgoutput slot of this database: somebody else made it.");
        }
        if (slot.walStatus().equals("lost") || slot.confirmed().isEmpty()) {
            return bad(
                    ErrorCode.SLOT_MISSING,
                    "The slot " + name
                            + " is lost: PostgreSQL removed WAL that was not read yet (max_slot_wal_keep_size).");
        }
        Lsn confirmed = slot.confirmed().get();
        if (confirmed.compareTo(durable) > 0) {
            return bad(
                    ErrorCode.SLOT_AHEAD,
                    "The slot " + name + " is confirmed to " + confirmed + ", the log holds up to " + durable + ".");
        }
        return GOOD;
    }

    private static SlotHealth bad(ErrorCode code, String detail) {
        return new SlotHealth(Optional.of(code), detail);
    }
}
