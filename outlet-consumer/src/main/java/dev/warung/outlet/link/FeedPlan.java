package dev.warung.outlet.link;

import dev.warung.core.wire.OutletRecord;
import dev.warung.outlet.replica.Feed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What the newest word about this outlet asks of its file.
 *
 * @param begin topics to be read from their start
 * @param abandon feeds that are being read and not wanted any more
 * @param gone visible feeds that no other will replace
 */
record FeedPlan(List<OutletRecord.Feed> begin, List<Feed> abandon, List<Feed> gone) {

    /**
     * Compares what is wanted with what is there.
     *
     * <p>Rows of a shape whose topic has changed stay until the new ones are complete; those of a shape that is not listed any more go at
     * once. A disabled outlet begins nothing.
     *
     * @param knownGeneration the outlet's generation in the file: when it has grown, everything is read anew
     */
    static FeedPlan of(OutletRecord outlet, int knownGeneration, Collection<Feed> feeds) {
        boolean isAnew = outlet.generation() > knownGeneration;
        List<Feed> gone = new ArrayList<>();
        List<Feed> abandon = new ArrayList<>();
        for (Feed feed : feeds) {
            if (feed.isLive()) {
                if (outlet.shapes().stream().noneMatch(s -> s.shape().equals(feed.shape()))) {
                    gone.add(feed);
                }
            } else if (isAnew || outlet.shapes().stream().noneMatch(s -> isSame(s, feed))) {
                abandon.add(feed);
            }
        }
        List<OutletRecord.Feed> begin = new ArrayList<>();
        if (outlet.enabled()) {
            for (OutletRecord.Feed wanted : outlet.shapes()) {
                boolean isThere = feeds.stream()
                        .anyMatch(f -> !abandon.contains(f) && isSame(wanted, f) && !(isAnew && f.isLive()));
                if (!isThere) {
                    begin.add(wanted);
                }
            }
        }
        return new FeedPlan(begin, abandon, gone);
    }

    boolean isEmpty() {
        return begin.isEmpty() && abandon.isEmpty() && gone.isEmpty();
    }

    /** The feeds to read: for each topic the new reading if there is one. */
    static List<Feed> toRead(OutletRecord outlet, Collection<Feed> feeds) {
        List<Feed> read = new ArrayList<>();
        if (outlet.enabled()) {
            for (OutletRecord.Feed wanted : outlet.shapes()) {
                feeds.stream()
                        .filter(f -> isSame(wanted, f))
                        .reduce((one, other) -> one.isLive() ? other : one)
                        .ifPresent(read::add);
            }
        }
        return read;
    }

    private static boolean isSame(OutletRecord.Feed wanted, Feed feed) {
        return wanted.topic().equals(feed.topic())
                && wanted.topicId().equals(feed.source().topicId());
    }
}
