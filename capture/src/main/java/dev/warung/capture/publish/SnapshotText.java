package dev.warung.capture.publish;

import java.util.HashSet;
import java.util.Set;

/**
 * A snapshot of PostgreSQL as its text form: {@code 100:105:101,103} shows all transactions below 100, and 102 and 104;
 * {@code 100} is refused.
 */
final class SnapshotText {

    private final long oldest;
    private final long next;
    private final Set<Long> running;

    private SnapshotText(long oldest, long next, Set<Long> running) {
        this.oldest = oldest;
        this.next = next;
        this.running = running;
    }

    /** @throws IllegalArgumentException if the text is not {@code xmin:xmax:list} */
    static SnapshotText parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not a snapshot: '" + text + "'");
        }
        Set<Long> running = new HashSet<>();
        for (String xid : parts[2].split(",", -1)) {
            if (!xid.isEmpty()) {
                running.add(Long.parseLong(xid));
            }
        }
        return new SnapshotText(Long.parseLong(parts[0]), Long.parseLong(parts[1]), running);
    }

    /** Whether what this transaction did is visible; the stream knows only the low 32 bits of its number. */
    boolean shows(long xid32) {
        long distance = (int) (xid32 - next);
        long xid = next + distance;
        return xid < oldest || (xid < next && !running.contains(xid));
    }
}
