package dev.warung.outlet.write;

import org.jspecify.annotations.Nullable;

/**
 * What a trigger wrote down before a write.
 *
 * @param seq in the order of the writes
 * @param table number of the table
 * @param kind see {@link CaptureTriggers}
 * @param key as the trigger wrote it
 * @param before the row as the trigger wrote it; null if there was none
 * @param atMs when, by the device's clock, milliseconds since 1970
 */
public record JournalEntry(
        long seq,
        int table,
        String kind,
        String key,
        @Nullable String before,
        long atMs) {

    JournalEntry withKey(String other) {
        return new JournalEntry(seq, table, kind, other, before, atMs);
    }
}
