package dev.warung.capture.publish;

import dev.warung.capture.copy.Chunk;
import dev.warung.capture.copy.ChunkInbox;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings chunks and stream together: what is being copied, what the stream touched meanwhile, which chunks wait for their watermark.
 *
 * <p>Thread: {@link #offer} any, all else the publisher's.
 */
final class ChunkStream implements ChunkInbox {

    private static final int TOUCHED_KEYS_MAX = 500_000;
    private static final int RECENT_MAX = 10_000;

    private final Map<UUID, Waiting> waiting = new ConcurrentHashMap<>();
    private final Map<Long, ChunkMerge> merges = new HashMap<>();
    private final Deque<Long> recent = new ArrayDeque<>();
    private volatile boolean abandoned;

    private record Waiting(Chunk chunk, CompletableFuture<Outcome> outcome) {}

    @Override
    public CompletableFuture<Outcome> offer(Chunk chunk) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        waiting.put(chunk.id(), new Waiting(chunk, outcome));
        if (abandoned) {
            finish(chunk.id(), Outcome.UNWANTED);
        }
        return outcome;
    }

    /** A transaction has passed. */
    void passed(long xid) {
        recent.addLast(xid);
        if (recent.size() > RECENT_MAX) {
            recent.removeFirst();
        }
    }

    /**
     * A generation of this table is copied from here on. What passed before is not known by key: a chunk whose snapshot does not show
     * all of it (a commit may stand in the WAL and not be visible yet) must be read again.
     *
     * @param xid the transaction that the stream is inside of; empty between two
     */
    void begin(long oid, Optional<Long> xid) {
        ChunkMerge merge = new ChunkMerge(TOUCHED_KEYS_MAX);
        recent.forEach(merge::truncate);
        xid.ifPresent(merge::truncate);
        merges.put(oid, merge);
    }

    /** Nothing of this table is copied any more. */
    void end(long oid) {
        merges.remove(oid);
        waiting.values().stream()
                .filter(w -> w.chunk().schema().oid() == oid)
                .forEach(w -> finish(w.chunk().id(), Outcome.UNWANTED));
    }

    /** The stream is given up: whoever waits for a chunk stops. */
    void abandon() {
        abandoned = true;
        waiting.keySet().forEach(chunk -> finish(chunk, Outcome.UNWANTED));
    }

    Optional<ChunkMerge> merge(long oid) {
        return merges.isEmpty() ? Optional.empty() : Optional.ofNullable(merges.get(oid));
    }

    Optional<Chunk> at(UUID watermark) {
        return Optional.ofNullable(waiting.get(watermark)).map(Waiting::chunk);
    }

    /** The rows of a chunk that enter at its watermark; empty if it must be read again. */
    Optional<List<@Nullable String[]>> rows(Chunk chunk, TableWriter writer) {
        ChunkMerge merge = merges.get(chunk.schema().oid());
        return merge == null
                ? Optional.empty()
                : merge.rows(SnapshotText.parse(chunk.snapshot()), chunk.rows(), writer::keyText);
    }

    void finish(UUID chunk, Outcome outcome) {
        Waiting done = waiting.remove(chunk);
        if (done != null) {
            done.outcome().complete(outcome);
        }
    }
}
