package dev.warung.capture.source;

import dev.warung.core.change.Lsn;
import java.util.List;
import java.util.Optional;

/**
 * What a PostgreSQL says about itself, as far as capture depends on it.
 *
 * @param mayReplicate whether the role may use replication slots
 * @param publication empty if there is none of the name
 * @param slot empty if there is none of the name
 */
record PreflightReading(
        Settings settings,
        boolean mayReplicate,
        String systemId,
        int timeline,
        Lsn walEnd,
        Heartbeat heartbeat,
        Optional<Publication> publication,
        Optional<SlotHealth.State> slot) {

    /**
     * The server's settings.
     *
     * @param version the major one
     * @param standby whether it is in recovery
     */
    record Settings(int version, String walLevel, boolean standby, String encoding, int slotsFree) {}

    /** The heartbeat row; counter 0 if there is none. */
    record Heartbeat(long counter, String nonce) {}

    /**
     * The publication.
     *
     * @param fitting whether it has the options that capture needs
     * @param lacking the control tables that are not in it
     * @param known whether it is the one that set-up saw last, not another one of the same name
     * @param madeAt where the WAL ended when set-up saw it first
     */
    record Publication(boolean fitting, List<String> lacking, boolean known, Lsn madeAt) {
        Publication {
            lacking = List.copyOf(lacking);
        }
    }
}
