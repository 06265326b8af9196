package dev.warung.replicator.routing;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.wire.ShapeCodec;
import dev.warung.core.wire.ShapeRecord;
import dev.warung.replicator.routing.match.RoutingSink;
import dev.warung.replicator.routing.match.ShapeInstance;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes what changes do to shape instances into their topics.
 *
 * <p>Of a generation that is being filled, only rows that were sent already are told of: the others are sent as they are then.
 *
 * <p>Used only by the replicator thread.
 */
final class RoutedRows implements RoutingSink {

    private static final byte[] END_KEY = ShapeCodec.endKey();

    private final ShapeWriter writer;
    private final long rowBytesMax;
    private final Refusals refusals;
    private final Map<Integer, Target> targets = new HashMap<>();
    /** Numbers of instances by topic. */
    private final Map<String, Integer> numbers = new HashMap<>();
    /** Whole generations that were written to since their last end mark. */
    private final Set<String> touched = new LinkedHashSet<>();

    private ChangeId id = ChangeId.NONE;

    /** The row that was encoded last: many instances may get the same. */
    private @Nullable Object @Nullable [] lastRow;

    private ShapePlan.@Nullable TablePlan lastPlan;
    private byte[] lastKey = {};
    private byte @Nullable [] lastValue;

    /** How far a generation that is being filled has come; a row at or before it was sent. */
    private @Nullable Frontier frontier;

    /** Where the rows of an instance go. */
    private record Target(ShapeInstance instance, String topic, ShapePlan plan, boolean isFilling) {}

    /** @param after key of the last row sent of this table; null before the first */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never a map key
    record Frontier(int table, Object @Nullable [] after) {

        boolean isBehind(int otherTable, Object[] key) {
            Object[] last = after;
            return otherTable < table || (otherTable == table && last != null && KeyOrder.compare(key, last) <= 0);
        }
    }

    RoutedRows(ShapeWriter writer, long rowBytesMax, Refusals refusals) {
        this.writer = writer;
        this.rowBytesMax = rowBytesMax;
        this.refusals = refusals;
    }

    /** The rows of an instance go to this generation. */
    void target(ShapeInstance instance, Generation generation, ShapePlan plan) {
        targets.put(
                instance.number(),
                new Target(instance, generation.topic(), plan, generation.state() == Generation.State.FILLING));
        numbers.put(generation.topic(), instance.number());
    }

    /** The number of the instance that was bound to a topic; empty if there is none. */
    Optional<Integer> forget(String topic) {
        Integer number = numbers.remove(topic);
        if (number != null) {
            targets.remove(number);
        }
        return Optional.ofNullable(number);
    }

    /** The topics that instances are bound to. */
    Set<String> topics() {
        return Set.copyOf(numbers.keySet());
    }

    boolean isBound(String topic, ShapePlan plan) {
        Integer number = numbers.get(topic);
        Target target = number == null ? null : targets.get(number);
        return target != null && target.plan() == plan;
    }

    ShapeInstance instance(String topic) {
        return targetOf(topic).instance();
    }

    /** All rows of this generation were sent. */
    void isLive(String topic) {
        Target old = targetOf(topic);
        targets.put(old.instance().number(), new Target(old.instance(), topic, old.plan(), false));
    }

    /** What is sent from here on belongs to this change. */
    void at(ChangeId change) {
        id = change;
    }

    void filled(@Nullable Frontier newFrontier) {
        frontier = newFrontier;
    }

    @Override
    public void enters(ShapeInstance instance, int table, @Nullable Object[] row) {
        send(target(instance), table, row);
    }

    @Override
    public void stays(ShapeInstance instance, int table, @Nullable Object[] row) {
        send(target(instance), table, row);
    }

    @Override
    public void leaves(ShapeInstance instance, int table, @Nullable Object[] row) {
        Target target = target(instance);
        if (isSent(target, table, row)) {
            encode(target.plan().tables().get(table), table, row, false);
            put(target, lastKey, null);
        }
    }

    @Override
    public void truncated(ShapeInstance instance, int table) {
        Target target = target(instance);
        Frontier reached = frontier;
        if (!target.isFilling() || (reached != null && table <= reached.table())) {
            put(target, ShapeCodec.truncateKey(table), ShapeCodec.truncateValue());
        }
    }

    /** A row of the first filling. */
    void fill(ShapeInstance instance, int table, @Nullable Object[] row) {
        Target target = target(instance);
        encode(target.plan().tables().get(table), table, row, true);
        byte[] value = lastValue;
        if (value != null && isTooLarge(target, table, value)) {
            return;
        }
        writer.send(target.topic(), lastKey, value, id);
    }

    /** Marks in each whole generation that was written to that a transaction ended here. */
    void end(ChangeId endId, Lsn commit, long committedAtUs) {
        if (touched.isEmpty()) {
            return;
        }
        byte[] mark = ShapeCodec.encode(new ShapeRecord.End(endId, commit, committedAtUs));
        touched.forEach(topic -> writer.send(topic, END_KEY, mark, endId));
        touched.clear();
    }

    private Target targetOf(String topic) {
        Integer number = numbers.get(topic);
        Target target = number == null ? null : targets.get(number);
        if (target == null) {
            throw new IllegalStateException("nothing is bound to topic " + topic);
        }
        return target;
    }

    private Target target(ShapeInstance instance) {
        Target target = targets.get(instance.number());
        if (target == null) {
            throw new IllegalStateException("instance " + instance + " has no topic");
        }
        return target;
    }

    private void send(Target target, int table, @Nullable Object[] row) {
        if (!isSent(target, table, row)) {
            return;
        }
        encode(target.plan().tables().get(table), table, row, true);
        byte[] value = lastValue;
        put(target, lastKey, value != null && isTooLarge(target, table, value) ? null : value);
    }

    private void put(Target target, byte[] key, byte @Nullable [] value) {
        writer.send(target.topic(), key, value, id);
        if (!target.isFilling()) {
            touched.add(target.topic());
        }
    }

    private boolean isSent(Target target, int table, @Nullable Object[] row) {
        if (!target.isFilling()) {
            return true;
        }
        Frontier reached = frontier;
        return reached != null
                && reached.isBehind(table, target.plan().tables().get(table).keyValues(row));
    }

    @SuppressWarnings("ReferenceEquality") // whether it is the very same row, and plan, as a moment ago
    private void encode(ShapePlan.TablePlan plan, int table, @Nullable Object[] row, boolean isWhole) {
        if (lastRow != row || lastPlan != plan) {
            lastRow = row;
            lastPlan = plan;
            lastKey = plan.keyOf(table, row);
            lastValue = null;
        }
        if (isWhole && lastValue == null) {
            lastValue = plan.valueOf(row);
        }
    }

    /** A row that outlets must not get is not sent; they lose the version before, because a stale row is worse than none. */
    private boolean isTooLarge(Target target, int table, byte[] value) {
        if (value.length <= rowBytesMax) {
            return false;
        }
        refusals.add(
                target.plan().tables().get(table).schema().id(), Arrays.copyOf(lastKey, lastKey.length), value.length);
        return true;
    }
}
