package dev.warung.outlet.replica;

import java.util.Locale;

/** What a feed's rows are. */
public enum Phase {
    /** Out of sight, in shadow tables: they are being read from the topic's start. */
    FILLING,
    /** In the tables that everybody sees. */
    LIVE;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Phase of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
