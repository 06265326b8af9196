package dev.warung.capture.copy;

import java.util.concurrent.CompletableFuture;

/**
 * Where the reader of a generation copy leaves its chunks for the stream.
 *
 * <p>For each chunk the reader reads in one snapshot, offers the chunk here, and only then commits an update of the one row of
 * {@code warung.watermark} with the chunk's id: when the stream meets that watermark, every transaction that the snapshot shows has
 * passed, and the chunk is there. Rows that were changed by transactions which passed but are not in the snapshot are left out.
 */
public interface ChunkInbox {

    /** What became of a chunk. */
    enum Outcome {
        /** Its rows are in the stream: read on. */
        TAKEN,
        /** Too much changed beside it: read the same range again. */
        AGAIN,
        /** Its generation is no longer wanted: stop. */
        UNWANTED
    }

    /** Leaves a chunk; the result comes when the stream has passed its watermark. At most one chunk of a table waits at a time. */
    CompletableFuture<Outcome> offer(Chunk chunk);
}
