package dev.warung.replicator.backup;

import java.util.Locale;

/** What {@code _warung_catalog} says about a table generation. */
public enum TableState {
    /** It follows PostgreSQL. */
    LIVE,
    /** Visible and frozen: a new generation of it is being copied. */
    REBUILDING,
    /** Visible and frozen: its stream cannot be followed, and no new generation has begun. */
    BROKEN,
    /** Out of sight: it is being filled. */
    COPYING;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TableState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
