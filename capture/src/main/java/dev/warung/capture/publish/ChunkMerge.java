package dev.warung.capture.publish;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides which rows of a chunk may enter the stream of one table at the chunk's watermark.
 *
 * <p>The chunk shows exactly the transactions of its snapshot, and all of these have passed in the stream. What others did that have
 * passed too is in the stream already, so the chunk's rows with those keys are left out. All other transactions come later. (Two
 * watermarks without the snapshot, as DBLog has them, are not enough: a transaction that is in the WAL before the low watermark may
 * still be invisible to the read after it.)
 *
 * <p>Thread: the publisher's.
 */
final class ChunkMerge {

    private final int keysMax;
    private final Map<Long, Touched> byXid = new HashMap<>();
    private int keys;

    /** What one transaction did to the table. */
    private static final class Touched {
        private final Set<String> keys = new HashSet<>();
        private boolean everything;
    }

    ChunkMerge(int keysMax) {
        this.keysMax = keysMax;
    }

    /** A transaction changed the row with this key. */
    void touch(long xid, String key) {
        Touched touched = byXid.computeIfAbsent(xid, x -> new Touched());
        if (keys >= keysMax) {
            touched.everything = true;
        } else if (!touched.everything && touched.keys.add(key)) {
            keys++;
        }
    }

    /** A transaction emptied the table. */
    void truncate(long xid) {
        byXid.computeIfAbsent(xid, x -> new Touched()).everything = true;
    }

    /** The rows that enter the stream here; empty if the chunk must be read again because too much changed beside it. */
    Optional<List<@Nullable String[]>> rows(
            SnapshotText snapshot, List<@Nullable String[]> rows, Function<@Nullable String[], String> keyOf) {
        forgetWhatIsShown(snapshot);
        if (byXid.values().stream().anyMatch(touched -> touched.everything)) {
            return Optional.empty();
        }
        return Optional.of(rows.stream()
                .filter(row -> {
                    String key = keyOf.apply(row);
                    return byXid.values().stream().noneMatch(touched -> touched.keys.contains(key));
                })
                .toList());
    }

    private void forgetWhatIsShown(SnapshotText snapshot) {
        for (Iterator<Map.Entry<Long, Touched>> all = byXid.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Long, Touched> entry = all.next();
            if (snapshot.shows(entry.getKey())) {
                keys -= entry.getValue().keys.size();
                all.remove();
            }
        }
    }
}
