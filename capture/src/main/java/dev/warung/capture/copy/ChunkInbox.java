package dev.warung.capture.copy;

import java.util.UUID;

/**
 * Where the reader of a generation copy leaves its chunks for the stream.
 *
 * <p>For each chunk the reader commits the row {@code (low, id)} to {@code warung.watermark}, reads, offers the chunk here, and only
 * then commits {@code (high, id)}: when the stream meets the high watermark the chunk is there.
 */
public interface ChunkInbox {

    /** Leaves a chunk; blocks while too many wait. */
    void offer(Chunk chunk) throws InterruptedException;

    /** Whether the stream has published the chunk, or dropped it because its generation is no longer wanted. */
    boolean isTaken(UUID chunk);
}
