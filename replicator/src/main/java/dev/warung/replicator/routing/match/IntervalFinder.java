package dev.warung.replicator.routing.match;

import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.tree.InnerSets;
import dev.warung.core.where.type.Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides {@code expression >= :low and expression < :high}, or one of both, by a tree over the intervals: their lower ends are sorted, and each
 * part of the array knows its highest upper end. The tree is made anew when enough intervals have come or gone.
 */
final class IntervalFinder implements Finder {

    private static final int FRESH_MIN = 64;

    private final Expression row;
    private final Optional<Limit> lower;
    private final Optional<Limit> upper;
    private final IdentityHashMap<Group, Interval> intervals = new IdentityHashMap<>();

    private Interval[] sorted = {};
    /** For the middle of each part of the array: the highest upper end in the part; null if there is one without. */
    private @Nullable Object[] highest = {};

    /** Not in the tree yet. */
    private final List<Interval> fresh = new ArrayList<>();

    private int gone;

    /** At least one of the limits is there; both are of the same expression. */
    IntervalFinder(Optional<Limit> lower, Optional<Limit> upper) {
        this.lower = lower;
        this.upper = upper;
        this.row = lower.or(() -> upper).orElseThrow().row();
    }

    private static final class Interval {
        private final Group group;
        private final @Nullable Object low;
        private final @Nullable Object high;
        private boolean isGone;

        private Interval(Group group, @Nullable Object low, @Nullable Object high) {
            this.group = group;
            this.low = low;
            this.high = high;
        }
    }

    @Override
    public List<Expression> decided() {
        return Stream.concat(lower.stream(), upper.stream()).map(Limit::test).toList();
    }

    @Override
    public boolean isStateless() {
        return false;
    }

    @Override
    public void find(@Nullable Object[] values, Moment moment, Matches into) {
        Object value = row.evaluate(values, InnerSets.NONE);
        if (value == null) {
            return;
        }
        if (fresh.size() + gone > FRESH_MIN + sorted.length / 4) {
            build();
        }
        search(0, sorted.length, value, into);
        for (Interval interval : fresh) {
            addIfInside(interval, value, into);
        }
    }

    private void search(int from, int to, Object value, Matches into) {
        if (from >= to) {
            return;
        }
        int middle = (from + to) >>> 1;
        Object high = highest[middle];
        if (high != null && Order.compare(row.type(), high, value) < 0) {
            return;
        }
        search(from, middle, value, into);
        Interval interval = sorted[middle];
        if (interval.low == null || Order.compare(row.type(), interval.low, value) <= 0) {
            addIfInside(interval, value, into);
            search(middle + 1, to, value, into);
        }
    }

    private void addIfInside(Interval interval, Object value, Matches into) {
        if (!interval.isGone && isInside(interval, value)) {
            into.add(interval.group);
        }
    }

    private boolean isInside(Interval interval, Object value) {
        return (interval.low == null || lower.orElseThrow().allows(value, interval.low))
                && (interval.high == null || upper.orElseThrow().allows(value, interval.high));
    }

    @Override
    public boolean accepts(Group group, @Nullable Object[] values, Moment moment) {
        Object value = row.evaluate(values, InnerSets.NONE);
        Interval interval = intervals.get(group);
        return value != null && interval != null && isInside(interval, value);
    }

    @Override
    public void link(Group group, Binding binding) {
        Object low = lower.map(limit -> binding.value(limit.parameter())).orElse(null);
        Object high = upper.map(limit -> binding.value(limit.parameter())).orElse(null);
        Interval interval = new Interval(group, low, high);
        intervals.put(group, interval);
        fresh.add(interval);
    }

    @Override
    public void unlink(Group group, Binding binding) {
        Interval interval = intervals.remove(group);
        if (interval != null) {
            interval.isGone = true;
            gone++;
        }
    }

    private void build() {
        sorted = intervals.values().toArray(Interval[]::new);
        Arrays.sort(sorted, (a, b) -> compareLow(a.low, b.low));
        highest = new Object[sorted.length];
        if (sorted.length > 0) {
            highest(0, sorted.length);
        }
        fresh.clear();
        gone = 0;
    }

    private int compareLow(@Nullable Object a, @Nullable Object b) {
        return a == null || b == null ? Boolean.compare(a != null, b != null) : Order.compare(row.type(), a, b);
    }

    private @Nullable Object highest(int from, int to) {
        int middle = (from + to) >>> 1;
        Object most = sorted[middle].high;
        if (from < middle) {
            most = higher(most, highest(from, middle));
        }
        if (middle + 1 < to) {
            most = higher(most, highest(middle + 1, to));
        }
        highest[middle] = most;
        return most;
    }

    private @Nullable Object higher(@Nullable Object a, @Nullable Object b) {
        return a == null || b == null ? null : Order.compare(row.type(), a, b) >= 0 ? a : b;
    }
}
