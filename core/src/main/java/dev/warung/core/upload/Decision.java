package dev.warung.core.upload;

import dev.warung.core.change.TableId;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * What somebody at an outlet has decided about a conflict. It travels in the upload as every other op does: as an update of a row of
 * {@link #TABLE}, which no database has.
 *
 * @param values for {@link Resolution#MERGED}: the columns and their values, as a JSON object
 */
public record Decision(UUID conflict, Resolution resolution, Optional<String> values) {

    public static final TableId TABLE = new TableId("warung", "decisions");

    private static final String ID = "id";
    private static final String RESOLUTION = "resolution";
    private static final String VALUES = "values";

    /** Whose row it becomes. */
    public enum Resolution {
        SERVER_WINS,
        CLIENT_WINS,
        /** Nobody's: some columns get values that are given. */
        MERGED
    }

    public Decision {
        if (values.isPresent() != (resolution == Resolution.MERGED)) {
            throw new IllegalArgumentException("values belong to a merged row, and to no other decision");
        }
    }

    /** @throws IllegalArgumentException if it is none */
    public static Decision of(UploadOp op) {
        RowImage row = op.row();
        return new Decision(
                UUID.fromString(String.valueOf(op.key().get(ID))),
                Resolution.valueOf(String.valueOf(row.get(RESOLUTION)).toUpperCase(Locale.ROOT)),
                Optional.ofNullable(row.text(VALUES)));
    }

    public RowImage key() {
        return RowImage.EMPTY.with(ID, conflict.toString());
    }

    /** @param id of the op */
    public UploadOp op(UUID id) {
        RowImage decided = key().with(RESOLUTION, resolution.name().toLowerCase(Locale.ROOT))
                .with(VALUES, values.orElse(null));
        return new UploadOp(id, TABLE, UploadOp.Kind.UPDATE, key(), Optional.of(key()), Optional.of(decided));
    }
}
