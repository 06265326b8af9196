package dev.warung.replicator.routing.match;

import dev.warung.core.where.problem.WhereException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private final Map<Integer, ShapeInstance> instances = new LinkedHashMap<>();

    public RoutingIndex(ReplicaRows replica) {}

    /**
     * An instance takes part from the next change on. Sub-selects of it are read from the replica when they are needed first.
     *
     * @throws WhereException if a value is not of the type that a clause reads it as: nothing is added
     * @throws IllegalArgumentException if its number is taken
     */
    public void add(ShapeInstance instance) {
        if (instances.putIfAbsent(instance.number(), instance) != null) {
            throw new IllegalArgumentException("there is an instance " + instance.number());
        }
    }

    /** Does nothing if there is none of this number. */
    public void remove(int number) {
        instances.remove(number);
    }

    public Collection<ShapeInstance> instances() {
        return instances.values();
    }

    /** Whether changes of this topic can touch an instance; others need not be decoded for routing. */
    public boolean reads(String topic) {
        return true;
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
            String topic,
            @Nullable Object @Nullable [] before,
            @Nullable Object @Nullable [] after,
            RoutingSink sink) {}

    /** The table has no rows from here on. */
    public void truncate(String topic, RoutingSink sink) {}

    /** Whether an instance holds a row of its table as of now; for a backfill, and to explain. */
    public boolean takes(ShapeInstance instance, int table, @Nullable Object[] row) {
        return false;
    }

    /** Reads from the replica what the sub-selects give, where that is not known yet; it happens by itself, but at a time of its own. */
    public void load() {}

    /** The replica is another one, or was set back: what sub-selects give is read again. */
    public void forgetInnerRows() {}

    /** The clauses that failed on rows since the index was made; one entry for each table of a shape. */
    public List<FailedEvaluations> failures() {
        return new ArrayList<>();
    }
}
