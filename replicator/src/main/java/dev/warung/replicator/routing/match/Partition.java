package dev.warung.replicator.routing.match;

import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.tree.InnerSet;
import org.jspecify.annotations.Nullable;

/** What a sub-select gives for certain values of its parameters: how many rows, and what the change being routed adds and takes away. */
final class Partition {

    /** In place of a value that is NULL. */
    static final Object NULL = new Object();

    final Object key;

    /** The sub-select's condition with the values, where a row cannot be given to its partition by hash; else null. */
    final @Nullable Expression where;

    private final InnerSelect select;
    private int rows;
    private int nulls;
    private @Nullable Object removed;
    private @Nullable Object added;

    /** Groups that refer to it. */
    int users;

    /** Whether the rows of the replica are in it. */
    boolean isLoaded;

    Partition(InnerSelect select, Object key, @Nullable Expression where) {
        this.select = select;
        this.key = key;
        this.where = where;
    }

    InnerSet at(Moment moment) {
        return new View(this, moment);
    }

    private record View(Partition partition, Moment moment) implements InnerSet {
        @Override
        public boolean isEmpty() {
            return partition.rows(moment) == 0;
        }

        @Override
        public boolean holdsNull() {
            return partition.nulls(moment) > 0;
        }

        @Override
        public boolean contains(String key) {
            return partition.holds(partition.select.valueKey(key), moment);
        }
    }

    boolean holds(Object value, Moment moment) {
        return count(value, moment) > 0;
    }

    private int count(Object value, Moment moment) {
        if (moment == Moment.NOW) {
            return select.holders().count(this, value);
        }
        return select.isEmptied()
                ? 0
                : select.holders().count(this, value) + (value.equals(added) ? 1 : 0) - (value.equals(removed) ? 1 : 0);
    }

    private int rows(Moment moment) {
        if (moment == Moment.NOW) {
            return rows;
        }
        return select.isEmptied() ? 0 : rows + (added == null ? 0 : 1) - (removed == null ? 0 : 1);
    }

    private int nulls(Moment moment) {
        if (moment == Moment.NOW) {
            return nulls;
        }
        return select.isEmptied() ? 0 : nulls + (added == NULL ? 1 : 0) - (removed == NULL ? 1 : 0);
    }

    void planRemoval(Object value) {
        removed = value;
    }

    void planAddition(Object value) {
        added = value;
    }

    boolean adds(Object value) {
        return value.equals(added);
    }

    /** The value that is in it no more after the change, or null. */
    @Nullable
    Object vanishing() {
        return removed != null && removed != NULL && !holds(removed, Moment.NEXT) ? removed : null;
    }

    /** The value that is in it only after the change, or null. */
    @Nullable
    Object appearing() {
        return added != null && added != NULL && !holds(added, Moment.NOW) ? added : null;
    }

    /** Whether the change decides something for values that are not in it: if it becomes empty or ceases to be, or holds NULL or no more. */
    boolean changesForAll() {
        return (rows(Moment.NOW) == 0) != (rows(Moment.NEXT) == 0)
                || (nulls(Moment.NOW) == 0) != (nulls(Moment.NEXT) == 0);
    }

    /** Makes what was planned true. */
    void apply() {
        if (removed != null) {
            rows--;
            nulls -= removed == NULL ? 1 : 0;
        }
        if (added != null) {
            rows++;
            nulls += added == NULL ? 1 : 0;
        }
        if (removed != null && removed != NULL) {
            select.holders().decrement(this, removed);
        }
        if (added != null && added != NULL) {
            select.holders().increment(this, added);
        }
        forgetPlan();
    }

    void forgetPlan() {
        removed = null;
        added = null;
    }

    void clear() {
        rows = 0;
        nulls = 0;
        forgetPlan();
    }

    boolean isUnused() {
        return users == 0 && rows == 0;
    }
}
