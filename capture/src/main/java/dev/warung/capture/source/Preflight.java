package dev.warung.capture.source;

import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.PositionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges what was read of a PostgreSQL: whether capture may begin, or go on after what is durable in the log.
 *
 * @param slot the slot that capture reads
 */
record Preflight(String slot, PreflightReading reading) {

    private static final int OLDEST_VERSION = 14;

    /** Something that is wrong. */
    record Finding(ErrorCode code, String detail) {}

    /** What the log holds. */
    record Durable(Lsn commit, PositionRecord.Server server) {}

    /** All that is wrong, the worst first. */
    List<Finding> findings(Optional<Durable> durable) {
        List<Finding> findings = new ArrayList<>();
        server(findings);
        durable.ifPresent(log -> history(log, findings));
        publication(durable, findings);
        durable.flatMap(log -> {
                    SlotHealth health = SlotHealth.of(slot, reading.slot(), log.commit());
                    return health.code().map(code -> new Finding(code, health.detail()));
                })
                .ifPresent(findings::add);
        if (durable.isEmpty() && reading.slot().isEmpty() && reading.settings().slotsFree() < 1) {
            findings.add(new Finding(
                    ErrorCode.POSTGRES_NOT_READY,
                    "No replication slot is free: raise max_replication_slots and restart."));
        }
        return findings;
    }

    /** @throws PipelineException with the code of the worst finding, naming all */
    void require(Optional<Durable> durable) {
        List<Finding> findings = findings(durable);
        if (!findings.isEmpty()) {
            List<String> details =
                    findings.stream().map(Finding::detail).distinct().toList();
            throw new PipelineException(findings.get(0).code(), String.join(" ", details));
        }
    }

    private void server(List<Finding> findings) {
        PreflightReading.Settings settings = reading.settings();
        if (settings.version() < OLDEST_VERSION) {
            notReady(findings, "PostgreSQL " + settings.version() + " is too old: 14 is the oldest that works.");
        }
        if (!settings.walLevel().equals("logical")) {
            notReady(
                    findings,
                    "wal_level is " + settings.walLevel()
                            + ": ALTER SYSTEM SET wal_level = 'logical', then restart PostgreSQL.");
        }
        if (settings.standby()) {
            notReady(findings, "This is a standby: give the URL of the primary.");
        }
        if (settings.encoding().equals("SQL_ASCII")) {
            notReady(findings, "The database has the encoding SQL_ASCII, whose bytes are no text: use UTF8.");
        }
        if (!reading.mayReplicate()) {
            notReady(findings, "The role may not replicate: ALTER ROLE … REPLICATION, or log in as one that may.");
        }
    }

    private void history(Durable durable, List<Finding> findings) {
        PositionRecord.Server log = durable.server();
        if (!log.systemId().equals(reading.systemId())) {
            changed(
                    findings,
                    "The log was read from the system " + log.systemId() + ", this is " + reading.systemId() + ".");
            return;
        }
        if (log.timeline() != reading.timeline()) {
            changed(
                    findings,
                    "The log was read from timeline " + log.timeline() + ", this is " + reading.timeline()
                            + ": the server was promoted or restored.");
        }
        if (reading.walEnd().compareTo(durable.commit()) < 0) {
            changed(
                    findings,
                    "The log holds commits up to " + durable.commit() + ", but the server's WAL ends at "
                            + reading.walEnd() + ": it was restored from a backup.");
        }
        PreflightReading.Heartbeat heart = reading.heartbeat();
        boolean known = !log.heartbeatNonce().isEmpty();
        boolean earlier = heart.counter() < log.heartbeat();
        boolean other = heart.counter() == log.heartbeat() && !heart.nonce().equals(log.heartbeatNonce());
        if (known && (earlier || other)) {
            changed(
                    findings,
                    "The log saw heartbeat " + log.heartbeat() + " (" + log.heartbeatNonce() + "), the server has "
                            + heart.counter() + " (" + heart.nonce() + "): it was restored from a backup.");
        }
    }

    private void publication(Optional<Durable> durable, List<Finding> findings) {
        if (reading.publication().isEmpty()) {
            findings.add(new Finding(
                    durable.isPresent() ? ErrorCode.PUBLICATION_CHANGED : ErrorCode.POSTGRES_NOT_READY,
                    "The publication does not exist: set-up makes it (--set-up=true)."));
            return;
        }
        PreflightReading.Publication publication = reading.publication().get();
        if (!publication.fitting()) {
            notReady(
                    findings,
                    "The publication must publish insert, update, delete and truncate via the partition root, for listed tables:"
                            + " set-up mends it (--set-up=true).");
        }
        if (!publication.lacking().isEmpty()) {
            String tables = String.join(", ", publication.lacking());
            notReady(
                    findings,
                    "The publication lacks " + tables
                            + ": set-up makes and adds what is missing (--set-up=true, with an"
                            + " administrator's --setup-url if the publication is not this role's). For tables that exist, its"
                            + " owner may do it too: ALTER PUBLICATION … ADD TABLE ONLY " + tables + ".");
        }
        boolean younger = durable.isPresent()
                && (!publication.known()
                        || publication.madeAt().compareTo(durable.get().commit()) > 0);
        if (younger) {
            // Before version 18 the walsender fails on older changes for ever, since then it leaves them out without a
            // word.
            findings.add(
                    new Finding(
                            ErrorCode.PUBLICATION_CHANGED,
                            "The publication was made anew after what was read last: PostgreSQL does not send older changes through it."));
        }
    }

    private static void notReady(List<Finding> findings, String detail) {
        findings.add(new Finding(ErrorCode.POSTGRES_NOT_READY, detail));
    }

    private static void changed(List<Finding> findings, String detail) {
        findings.add(new Finding(ErrorCode.SERVER_CHANGED, detail));
    }
}
