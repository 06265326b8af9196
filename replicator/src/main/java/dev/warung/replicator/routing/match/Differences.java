package dev.warung.replicator.routing.match;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Compares which groups hold a row before and after a change. */
final class Differences {

    private final Stamps stamps;
    private final Matches before;
    private final Matches after;

    Differences(Stamps stamps) {
        this.stamps = stamps;
        this.before = new Matches(stamps);
        this.after = new Matches(stamps);
    }

    /** Tells which instances a row enters and leaves; not in which it stays. */
    void tell(TableIndex table, @Nullable Object[] old, @Nullable Object[] young, RoutingSink sink) {
        compare(table, old, young, sink, false);
    }

    /** Tells which instances a row enters, stays in and leaves. */
    void tellWithStays(TableIndex table, @Nullable Object[] old, @Nullable Object[] young, RoutingSink sink) {
        compare(table, old, young, sink, true);
    }

    private void compare(
            TableIndex table, @Nullable Object[] old, @Nullable Object[] young, RoutingSink sink, boolean withStays) {
        table.match(old, Moment.NOW, before);
        table.match(young, Moment.NEXT, after);
        int mark = stamps.next();
        for (int i = 0; i < before.size(); i++) {
            before.get(i).mark = mark;
        }
        for (int i = 0; i < after.size(); i++) {
            Group group = after.get(i);
            if (group.mark != mark) {
                group.forEach(instance -> sink.enters(instance, table.number(), young));
                continue;
            }
            group.mark = 0;
            if (withStays) {
                group.forEach(instance -> sink.stays(instance, table.number(), young));
            }
        }
        for (int i = 0; i < before.size(); i++) {
            Group group = before.get(i);
            if (group.mark == mark) {
                group.forEach(instance -> sink.leaves(instance, table.number(), old));
            }
        }
    }

    void entering(TableIndex table, @Nullable Object[] young, RoutingSink sink) {
        table.match(young, Moment.NEXT, after);
        for (int i = 0; i < after.size(); i++) {
            after.get(i).forEach(instance -> sink.enters(instance, table.number(), young));
        }
    }

    void staying(TableIndex table, @Nullable Object[] young, RoutingSink sink) {
        table.match(young, Moment.NEXT, after);
        for (int i = 0; i < after.size(); i++) {
            after.get(i).forEach(instance -> sink.stays(instance, table.number(), young));
        }
    }

    void leaving(TableIndex table, @Nullable Object[] old, RoutingSink sink) {
        table.match(old, Moment.NOW, before);
        for (int i = 0; i < before.size(); i++) {
            before.get(i).forEach(instance -> sink.leaves(instance, table.number(), old));
        }
    }

    /** Gives the instances that hold a row as of now. */
    void holding(TableIndex table, @Nullable Object[] row, Consumer<ShapeInstance> action) {
        table.match(row, Moment.NOW, before);
        for (int i = 0; i < before.size(); i++) {
            before.get(i).forEach(action);
        }
    }
}
