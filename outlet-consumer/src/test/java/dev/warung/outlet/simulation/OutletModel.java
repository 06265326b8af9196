package dev.warung.outlet.simulation;

import dev.warung.core.change.ChangeId;
import dev.warung.core.upload.RowImage;
import dev.warung.outlet.replica.Feed;
import dev.warung.outlet.simulation.Server.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What an outlet's file has to hold: the rows of its shapes where it stands, and each op that was ever in it. */
final class OutletModel {

    private final OutletId outlet;
    private final Router router;
    private final Map<String, FeedModel> feeds = new HashMap<>();
    /** Rows of the table that two shapes hold: the newest content that any of them has told. */
    private final Map<Row, Told> shared = new HashMap<>();

    private final Set<UUID> ops = new LinkedHashSet<>();
    private final Set<UUID> open = new LinkedHashSet<>();
    private long lastSeq;

    /** What the feeds have told of shared rows since the file was looked at last. */
    private final List<Heard> heard = new ArrayList<>();

    /**
     * The newest that was told of a row.
     *
     * @param also what the file may have as well
     */
    private record Told(RowImage image, ChangeId id, Optional<Told> also) {}

    /** @param image empty if the feed let go of the row */
    private record Heard(FeedModel feed, Row row, ChangeId id, Optional<RowImage> image) {}

    OutletModel(OutletId outlet, Router router) {
        this.outlet = outlet;
        this.router = router;
    }

    OutletModel copy() {
        OutletModel copy = new OutletModel(outlet, router);
        feeds.forEach((shape, feed) -> copy.feeds.put(shape, feed.copy()));
        copy.shared.putAll(shared);
        copy.ops.addAll(ops);
        copy.open.addAll(open);
        copy.lastSeq = lastSeq;
        return copy;
    }

    Set<UUID> ops() {
        return ops;
    }

    Set<UUID> open() {
        return open;
    }

    long lastSeq() {
        return lastSeq;
    }

    void sawOp(UUID op, long seq) {
        ops.add(op);
        open.add(op);
        lastSeq = seq;
    }

    void settled(UUID op) {
        open.remove(op);
    }

    Collection<FeedModel> feeds() {
        return feeds.values();
    }

    Optional<FeedModel> feed(String shape) {
        return Optional.ofNullable(feeds.get(shape));
    }

    /**
     * The shapes stand where these feeds say.
     *
     * @return the rows that may have changed
     */
    Set<Row> follow(List<Feed> live) {
        boolean isAnew = live.stream()
                .filter(feed -> !feed.shape().equals(Shop.SYNC))
                .allMatch(feed -> feed(feed.shape())
                        .filter(known -> known.number() == feed.number())
                        .isEmpty());
        if (isAnew) {
            shared.clear();
        }
        Set<Row> changed = new HashSet<>();
        Map<Row, Set<FeedModel>> held = sharedHolders();
        live.forEach(feed -> changed.addAll(follow(feed)));
        allowEitherOrder(held);
        return changed;
    }

    private Map<Row, Set<FeedModel>> sharedHolders() {
        Map<Row, Set<FeedModel>> held = new HashMap<>();
        feeds.values()
                .forEach(feed -> feed.rows().keySet().stream()
                        .filter(OutletModel::isShared)
                        .forEach(row ->
                                held.computeIfAbsent(row, r -> new HashSet<>()).add(feed)));
        return held;
    }

    /**
     * Where one feed lets go of a row and another takes it in the same step, the file may do either first. If it lets go first, nobody holds
     * the row for a moment, and what comes then is all that is known of it.
     */
    private void allowEitherOrder(Map<Row, Set<FeedModel>> before) {
        for (Heard left : heard) {
            Told told = shared.get(left.row());
            boolean isStayer = before.getOrDefault(left.row(), Set.of()).stream()
                    .anyMatch(feed ->
                            feeds.containsValue(feed) && feed.find(left.row()).isPresent());
            if (left.image().isEmpty() && told != null && !isStayer) {
                heard.stream()
                        .filter(taken ->
                                taken.row().equals(left.row()) && taken.image().isPresent())
                        .filter(taken -> taken.feed().find(left.row()).equals(taken.image()))
                        .reduce((one, other) -> one.id().isAfter(other.id()) ? one : other)
                        .ifPresent(taken -> shared.put(
                                left.row(),
                                new Told(
                                        told.image(),
                                        told.id(),
                                        Optional.of(
                                                new Told(taken.image().orElseThrow(), taken.id(), Optional.empty())))));
            }
        }
        heard.clear();
    }

    private Set<Row> follow(Feed live) {
        FeedModel known = feeds.get(live.shape());
        ChangeId target = live.progress().end().id();
        Set<Row> changed = new HashSet<>();
        if (known != null && known.number() == live.number()) {
            if (known.end().isAfter(target)) {
                throw new Violation("I5", live.topic() + " went back from " + known.end() + " to " + target);
            }
            known.advance(target, said -> {
                changed.add(said.row());
                tell(known, said);
            });
            return changed;
        }
        FeedModel fresh = new FeedModel(router.log(outlet, live.topic()), live.number());
        fresh.advance(target, said -> changed.add(said.row()));
        if (known != null) {
            if (known.end().isAfter(target)) {
                throw new Violation("I5", live.topic() + " is read anew only to " + target + ", before " + known.end());
            }
            changed.addAll(known.rows().keySet());
        }
        feeds.put(live.shape(), fresh);
        fresh.rows().forEach((row, image) -> {
            if (isShared(row)) {
                heard.add(new Heard(fresh, row, target, Optional.of(image)));
                tell(row, image, target);
            }
        });
        shared.keySet().removeIf(row -> !isHeld(row));
        return changed;
    }

    /** Whether the file may have this as the server's row. */
    boolean isBase(Row row, Optional<RowImage> known) {
        Told told = shared.get(row);
        boolean isAlso = told != null
                && told.also().isPresent()
                && known.equals(told.also().map(Told::image));
        return isAlso || known.equals(base(row));
    }

    /** The server's row, as the outlet knows it. */
    Optional<RowImage> base(Row row) {
        if (isShared(row)) {
            return Optional.ofNullable(shared.get(row)).map(Told::image);
        }
        return feeds.values().stream().flatMap(feed -> feed.find(row).stream()).findFirst();
    }

    /** All rows that the shapes hold. */
    Set<Row> rows() {
        Set<Row> rows = new HashSet<>();
        feeds.values().forEach(feed -> rows.addAll(feed.rows().keySet()));
        return rows;
    }

    private void tell(FeedModel feed, ShapeLog.Said said) {
        Row row = said.row();
        if (!isShared(row)) {
            return;
        }
        heard.add(new Heard(feed, row, said.id(), said.image()));
        said.image().ifPresent(image -> tell(row, image, said.id()));
        if (!isHeld(row)) {
            shared.remove(row);
        }
    }

    private void tell(Row row, RowImage image, ChangeId id) {
        Told told = shared.get(row);
        Told now = new Told(image, id, Optional.empty());
        if (told == null || !told.id().isAfter(id)) {
            shared.put(row, now);
        } else if (told.also().filter(also -> !also.id().isAfter(id)).isPresent()) {
            shared.put(row, new Told(told.image(), told.id(), Optional.of(now)));
        }
    }

    private boolean isHeld(Row row) {
        return feeds.values().stream().anyMatch(feed -> feed.rows().containsKey(row));
    }

    private static boolean isShared(Row row) {
        return row.table().equals(Shop.PELANGGAN.id());
    }
}
