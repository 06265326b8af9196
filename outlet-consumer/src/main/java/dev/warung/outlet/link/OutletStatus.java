package dev.warung.outlet.link;

import dev.warung.outlet.replica.Feed;
import java.util.List;
import java.util.Map;

/**
 * The outlet as seen at one moment; immutable, for other threads.
 *
 * @param name what people call the outlet; empty until it is known
 * @param contactAtMs when Kafka last answered, milliseconds since 1970; 0 if never
 * @param writes how many writes of the application there are in each state
 * @param failure what is wrong, with its remedy; empty if nothing is
 */
public record OutletStatus(
        OutletState state,
        String name,
        int generation,
        long contactAtMs,
        List<ShapeStatus> shapes,
        List<String> tables,
        long walBytes,
        Map<String, Long> writes,
        String failure) {

    public static final OutletStatus STARTING =
            new OutletStatus(OutletState.STARTING, "", 0, 0, List.of(), List.of(), 0, Map.of(), "");

    public OutletStatus {
        shapes = List.copyOf(shapes);
        tables = List.copyOf(tables);
        writes = Map.copyOf(writes);
    }

    /**
     * One feed.
     *
     * @param isBehind whether what is read now is out of sight until all that was missed is here
     * @param endOffset where the topic ended when Kafka was last asked
     * @param waits why it is not read, or not visible although it is complete; empty if there is no such reason
     */
    public record ShapeStatus(Feed feed, boolean isBehind, long endOffset, String waits) {

        /** Records not yet in the file, about: Kafka's own marks count too. */
        public long lagRows() {
            return Math.max(0, endOffset - feed.progress().nextOffset());
        }
    }

    OutletStatus with(OutletState newState, String newFailure) {
        return new OutletStatus(newState, name, generation, contactAtMs, shapes, tables, walBytes, writes, newFailure);
    }

    /** Whether all shapes of this outlet can be seen. */
    public boolean isComplete() {
        return generation > 0
                && shapes.stream()
                        .allMatch(s -> s.feed().isLive()
                                || shapes.stream()
                                        .anyMatch(o -> o.feed().isLive()
                                                && o.feed()
                                                        .shape()
                                                        .equals(s.feed().shape())));
    }

    public long lagRows() {
        return shapes.stream().mapToLong(ShapeStatus::lagRows).sum();
    }

    /** Writes of the application that the server has not answered. */
    public long pendingWrites() {
        return writes.getOrDefault("pending", 0L) + writes.getOrDefault("uploaded", 0L);
    }

    /** When PostgreSQL committed the newest transaction that can be seen, milliseconds since 1970; 0 if there is none. */
    public long committedAtMs() {
        return shapes.stream()
                .filter(s -> s.feed().isLive())
                .mapToLong(s -> s.feed().progress().end().committedAtUs() / 1000)
                .max()
                .orElse(0);
    }
}
