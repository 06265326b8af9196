package dev.warung.core.upload.apply;

import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.UploadOp;
import java.util.Optional;

/**
 * What became of an op.
 *
 * @param op as the device wrote it
 * @param key of the row on the server, as far as it is known
 * @param deviceUs when the device committed it, by its own clock
 */
public record OpResult(
        UploadOp op,
        RowImage key,
        OpStatus status,
        Optional<Refusal> refusal,
        long deviceUs,
        EffectiveTime effective) {}
