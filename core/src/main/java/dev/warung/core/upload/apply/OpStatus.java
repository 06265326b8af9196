package dev.warung.core.upload.apply;

/** The final state of an op. */
public enum OpStatus {
    /** As the outlet wanted it. */
    APPLIED,
    /** Together with what was changed elsewhere. */
    MERGED,
    /** What was changed elsewhere stays; the op is kept in the ledger. */
    SUPERSEDED,
    /** Somebody decides. */
    CONFLICT,
    /** It cannot be applied; the ledger says why and keeps it. */
    FAILED
}
