package dev.warung.core.upload.apply;

import dev.warung.core.upload.RowImage;
import java.util.Optional;

/**
 * What is to be done for an op.
 *
 * @param row for an insert the new row, for an update the columns that change; empty otherwise
 * @param dispute if both sides had changed the same: how it ended
 */
public record Verdict(Effect effect, RowImage row, OpStatus status, Optional<Dispute> dispute) {

    /** What is done to the row. */
    public enum Effect {
        NONE,
        INSERT,
        UPDATE,
        DELETE
    }

    /** Who won where both sides had changed the same. */
    public enum Dispute {
        SERVER_WINS,
        CLIENT_WINS,
        /** Nobody yet. */
        OPEN
    }

    static Verdict agreed(Effect effect, RowImage row, OpStatus status) {
        return new Verdict(effect, row, status, Optional.empty());
    }
}
