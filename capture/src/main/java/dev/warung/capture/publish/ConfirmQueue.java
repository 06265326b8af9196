package dev.warung.capture.publish;

import dev.warung.core.change.Lsn;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds durable commits back for a while before PostgreSQL may forget its log up to them, so that a broker that lost its last seconds
 * can be filled again from PostgreSQL.
 *
 * <p>Thread: the publisher's.
 */
final class ConfirmQueue {

    private static final long STEP_MS = 1000;

    private final PublisherOptions.Delay delay;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private @Nullable Lsn newest;

    private record Waiting(Lsn commit, long durableAtMs) {}

    ConfirmQueue(PublisherOptions.Delay delay) {
        this.delay = delay;
    }

    /** A commit became durable in Kafka. */
    void add(Lsn commit, long nowMs) {
        newest = commit;
        Waiting last = waiting.peekLast();
        if (last == null
                || nowMs - last.durableAtMs() >= Math.min(STEP_MS, delay.time().toMillis())) {
            waiting.addLast(new Waiting(commit, nowMs));
        }
    }

    /** The newest commit that has waited long enough; empty if none has. */
    Optional<Lsn> due(long nowMs) {
        Lsn due = null;
        for (Waiting next = waiting.peekFirst(); next != null && isDue(next, nowMs); next = waiting.peekFirst()) {
            due = next.commit();
            waiting.removeFirst();
        }
        return Optional.ofNullable(due);
    }

    private boolean isDue(Waiting next, long nowMs) {
        return nowMs - next.durableAtMs() >= delay.time().toMillis()
                || (newest != null && newest.bytesSince(next.commit()) >= delay.walBytes());
    }
}
