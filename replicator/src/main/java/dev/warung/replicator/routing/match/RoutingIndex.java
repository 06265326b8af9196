package dev.warung.replicator.routing.match;

import dev.warung.core.schema.TableSchema;
import dev.warung.core.where.problem.WhereException;
import dev.warung.core.where.tree.SubSelect;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the shape instances that a change of a row touches, at a cost that does not grow with their number where parameters are compared
 * with {@code =}.
 *
 * <p>Requires: every change of every table, in the order of the log, each before it is applied to the replica. If a change that was routed
 * is not applied in the end (the replica was rolled back), {@link #forgetInnerRows} comes before the next.
 *
 * <p>Guarantees: an instance holds a row if, and only if, its clause is true for it. Where the clause fails on a row or is unknown, the row
 * is outside. Used only by the replicator thread.
 */
public final class RoutingIndex {

    private final ReplicaRows replica;
    private final Map<Integer, ShapeInstance> instances = new HashMap<>();
    private final Map<RoutedShape, ShapeIndex> shapes = new LinkedHashMap<>();
    private final Map<SubSelect, InnerSelect> selects = new LinkedHashMap<>();
    private final Map<String, Topic> topics = new HashMap<>();
    private final Differences differences;
    private final InnerEffects effects;
    private final BitSet changed = new BitSet();
    private boolean needsLoad;

    /** What the changes of a topic can touch. */
    private record Topic(List<TableIndex> tables, List<InnerSelect> selects) {}

    public RoutingIndex(ReplicaRows replica) {
        this.replica = replica;
        Stamps stamps = new Stamps();
        this.differences = new Differences(stamps);
        this.effects = new InnerEffects(replica, new Matches(stamps), differences);
    }

    /**
     * An instance takes part from the next change on. Sub-selects of it are read from the replica when they are needed first.
     *
     * @throws WhereException if a value is not of the type that a clause reads it as: nothing is added
     * @throws IllegalArgumentException if its number is taken
     */
    public void add(ShapeInstance instance) {
        if (instances.containsKey(instance.number())) {
            throw new IllegalArgumentException("there is an instance " + instance.number());
        }
        ShapeIndex shape = shapes.get(instance.shape());
        if (shape == null) {
            shape = open(instance.shape());
        }
        try {
            shape.add(instance);
        } catch (WhereException e) {
            closeIfUnused(instance.shape());
            throw e;
        }
        instances.put(instance.number(), instance);
        needsLoad |= !selects.isEmpty();
    }

    /** Does nothing if there is none of this number. */
    public void remove(int number) {
        ShapeInstance instance = instances.remove(number);
        if (instance != null) {
            Objects.requireNonNull(shapes.get(instance.shape())).remove(instance);
            closeIfUnused(instance.shape());
        }
    }

    private ShapeIndex open(RoutedShape shape) {
        ShapeIndex made = new ShapeIndex(
                shape,
                select -> selects.computeIfAbsent(select, s -> {
                    InnerSelect inner = new InnerSelect(s);
                    topic(s.table()).selects().add(inner);
                    return inner;
                }));
        made.tables().forEach(table -> topic(table.table().schema()).tables().add(table));
        shapes.put(shape, made);
        return made;
    }

    private void closeIfUnused(RoutedShape shape) {
        ShapeIndex index = Objects.requireNonNull(shapes.get(shape));
        if (!index.isUnused()) {
            return;
        }
        shapes.remove(shape);
        for (TableIndex table : index.tables()) {
            topic(table.table().schema()).tables().remove(table);
            for (SelectUse use : table.uses()) {
                InnerSelect inner = use.inner();
                inner.uses.remove(use);
                if (inner.uses.isEmpty()) {
                    selects.remove(inner.select());
                    topic(inner.select().table()).selects().remove(inner);
                }
            }
        }
        topics.values()
                .removeIf(topic -> topic.tables().isEmpty() && topic.selects().isEmpty());
    }

    private Topic topic(TableSchema table) {
        return topics.computeIfAbsent(table.topic(), t -> new Topic(new ArrayList<>(), new ArrayList<>()));
    }

    public Collection<ShapeInstance> instances() {
        return Collections.unmodifiableCollection(instances.values());
    }

    /** Whether changes of this topic can touch an instance; others need not be decoded for routing. */
    public boolean reads(String topic) {
        return topics.containsKey(topic);
    }

    /**
     * Tells the sink what an insert (no {@code before}), an update or a delete (no {@code after}) does.
     *
     * <p>Both rows are whole and in the order of the copied columns of the description that the shapes are bound to: what the log lacks of a
     * large {@code before} must be read from the replica. An update that changes the key comes as a delete and an insert.
     *
     * @param topic of the table's generation
     */
    public void route(
            String topic, @Nullable Object @Nullable [] before, @Nullable Object @Nullable [] after, RoutingSink sink) {
        Topic touched = topics.get(topic);
        if (touched == null) {
            return;
        }
        load();
        if (before != null && after != null && !findChanged(before, after)) {
            return;
        }
        boolean isInner = plan(touched.selects(), before, after);
        List<TableIndex> tables = touched.tables();
        for (int i = 0; i < tables.size(); i++) {
            route(tables.get(i), before, after, sink);
        }
        if (isInner) {
            effects.tell(touched.selects(), topic, isRow(touched, before, after), sink);
            touched.selects().forEach(InnerSelect::apply);
        }
    }

    /** Notes which columns have changed; false if none has. */
    private boolean findChanged(@Nullable Object[] before, @Nullable Object[] after) {
        changed.clear();
        for (int i = 0; i < after.length; i++) {
            if (!Objects.deepEquals(before[i], after[i])) {
                changed.set(i);
            }
        }
        return !changed.isEmpty();
    }

    private boolean plan(
            List<InnerSelect> inner, @Nullable Object @Nullable [] before, @Nullable Object @Nullable [] after) {
        boolean isChanging = false;
        boolean isUpdate = before != null && after != null;
        for (int i = 0; i < inner.size(); i++) {
            InnerSelect select = inner.get(i);
            if (!isUpdate || select.reads(changed)) {
                select.plan(before, after);
                isChanging |= select.isChanging();
            }
        }
        return isChanging;
    }

    private void route(
            TableIndex table,
            @Nullable Object @Nullable [] before,
            @Nullable Object @Nullable [] after,
            RoutingSink sink) {
        if (before == null) {
            if (after != null) {
                differences.entering(table, after, sink);
            }
        } else if (after == null) {
            differences.leaving(table, before, sink);
        } else {
            boolean isShown = table.selects(changed);
            if (!table.tests(changed)) {
                if (isShown) {
                    differences.staying(table, after, sink);
                }
            } else if (isShown) {
                differences.tellWithStays(table, before, after, sink);
            } else {
                differences.tell(table, before, after, sink);
            }
        }
    }

    /** Whether a row of the replica is the one that changes. */
    private static Predicate<@Nullable Object[]> isRow(
            Topic topic, @Nullable Object @Nullable [] before, @Nullable Object @Nullable [] after) {
        @Nullable Object[] row = before == null ? after : before;
        if (topic.tables().isEmpty() || row == null) {
            return other -> false;
        }
        int[] key = topic.tables().get(0).table().schema().keyPositions();
        return other -> LookupKeys.isSameRow(key, row, other);
    }

    /** The table has no rows from here on. */
    public void truncate(String topic, RoutingSink sink) {
        Topic touched = topics.get(topic);
        if (touched == null) {
            return;
        }
        load();
        for (TableIndex table : touched.tables()) {
            table.grouping().groups().forEach(group -> group.forEach(i -> sink.truncated(i, table.number())));
        }
        if (!touched.selects().isEmpty()) {
            touched.selects().forEach(InnerSelect::planEmpty);
            effects.tell(touched.selects(), topic, row -> true, sink);
            touched.selects().forEach(InnerSelect::apply);
        }
    }

    /** Whether an instance holds a row of its table as of now; for a backfill, and to explain. */
    public boolean takes(ShapeInstance instance, int table, @Nullable Object[] row) {
        load();
        ShapeIndex shape = shapes.get(instance.shape());
        if (shape == null) {
            throw new IllegalArgumentException("there is no instance " + instance);
        }
        TableIndex index = shape.tables().get(table);
        Group group = index.grouping()
                .get(new Binding(instance).exactKey(index.grouping().parameters()));
        return group != null && index.takes(group, row, Moment.NOW);
    }

    /**
     * Gives the instances of a shape that hold a row of its table as of now, at the cost of routing one change however many instances there
     * are.
     */
    public void holders(RoutedShape shape, int table, @Nullable Object[] row, Consumer<ShapeInstance> action) {
        load();
        ShapeIndex known = shapes.get(shape);
        if (known != null) {
            differences.holding(known.tables().get(table), row, action);
        }
    }

    /** Reads from the replica what the sub-selects give, where that is not known yet; it happens by itself, but at a time of its own. */
    public void load() {
        if (!needsLoad) {
            return;
        }
        needsLoad = false;
        Map<TableSchema, List<InnerSelect>> unread = new LinkedHashMap<>();
        for (InnerSelect select : selects.values()) {
            if (select.needsLoad()) {
                unread.computeIfAbsent(select.select().table(), t -> new ArrayList<>())
                        .add(select);
            }
        }
        unread.forEach((table, inner) -> {
            replica.all(table, row -> inner.forEach(select -> select.load(row)));
            inner.forEach(InnerSelect::loaded);
        });
    }

    /** The replica is another one, or was set back: what sub-selects give is read again. */
    public void forgetInnerRows() {
        selects.values().forEach(InnerSelect::forget);
        needsLoad = true;
    }

    /** The clauses that failed on rows since their shape was added; one entry for each table of a shape. */
    public List<FailedEvaluations> failures() {
        return shapes.values().stream()
                .flatMap(shape -> shape.tables().stream())
                .map(TableIndex::failures)
                .filter(failures -> failures.count() > 0)
                .toList();
    }
}
