package dev.warung.outlet.replica;

import dev.warung.core.change.ChangeId;
import org.jspecify.annotations.Nullable;

/**
 * A record that has been read and may not be seen yet.
 *
 * @param value null for a row that is gone
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never a map key
public record Staged(ChangeId id, byte[] key, byte @Nullable [] value) {

    private static final int OVERHEAD_BYTES = 120;

    /** What it costs to keep it in memory, about. */
    public int bytes() {
        byte[] content = value;
        return OVERHEAD_BYTES + key.length + (content == null ? 0 : content.length);
    }
}
