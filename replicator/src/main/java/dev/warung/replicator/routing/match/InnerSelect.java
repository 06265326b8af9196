package dev.warung.replicator.routing.match;

import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.tree.Folding;
import dev.warung.core.where.tree.InnerSet;
import dev.warung.core.where.tree.InnerSets;
import dev.warung.core.where.tree.ParameterValue;
import dev.warung.core.where.tree.SubSelect;
import dev.warung.core.where.type.SqlType;
import dev.warung.core.where.type.Values;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The values that a sub-select gives at the moment, for all values of its parameters, in memory.
 *
 * <p>Where each parameter is compared by {@code =} and nothing else, a row of the inner table belongs to one partition, found by hash; then all
 * rows are kept, those of which no instance has the values too, and a new instance costs nothing. Otherwise the rows are evaluated for
 * each partition that an instance refers to.
 */
final class InnerSelect {

    private static final InnerSet EMPTY = new InnerSet() {
        @Override
        public boolean isEmpty() {
            return true;
        }

        @Override
        public boolean holdsNull() {
            return false;
        }

        @Override
        public boolean contains(String key) {
            return false;
        }
    };

    private final SubSelect select;
    private final List<ParameterValue> parameters;

    /** In the order of the parameters; empty where a row cannot be given to its partition by hash. */
    private final Optional<List<KeyTest>> keys;

    /** What is left of the condition beside the keys; null if nothing is. */
    private final @Nullable Expression rest;

    private final BitSet columns;

    private final ValueHolders holders = new ValueHolders();
    private final Map<Object, Partition> partitions = new LinkedHashMap<>();
    private final List<Partition> planned = new ArrayList<>();
    private boolean isLoaded;
    private boolean isEmptied;
    private long failures;
    private String firstFailure = "";

    /** Tables whose clauses have it. */
    final List<SelectUse> uses = new ArrayList<>();

    InnerSelect(SubSelect select) {
        this.select = select;
        List<Expression> conditions = select.where().map(Conditions::conjuncts).orElse(List.of());
        this.parameters = Conditions.parameters(conditions);
        List<Expression> left = new ArrayList<>(conditions);
        this.keys = keys(left);
        this.rest = Conditions.all(left);
        this.columns = Conditions.columns(select.value());
        conditions.forEach(condition -> columns.or(Conditions.columns(condition)));
    }

    /** Takes the key of each parameter out of the conditions, if all have one and nothing else. */
    private Optional<List<KeyTest>> keys(List<Expression> conditions) {
        List<KeyTest> found = new ArrayList<>();
        for (ParameterValue parameter : parameters) {
            conditions.stream()
                    .flatMap(condition -> KeyTest.of(condition).stream())
                    .filter(test -> test.parameter().equals(parameter))
                    .findFirst()
                    .ifPresent(found::add);
        }
        List<Expression> left = new ArrayList<>(conditions);
        found.forEach(key -> left.remove(key.test()));
        if (found.size() < parameters.size() || !Conditions.parameters(left).isEmpty()) {
            return Optional.empty();
        }
        conditions.clear();
        conditions.addAll(left);
        return Optional.of(found);
    }

    SubSelect select() {
        return select;
    }

    List<ParameterValue> parameters() {
        return parameters;
    }

    boolean isKeyed() {
        return keys.isPresent();
    }

    boolean isEmptied() {
        return isEmptied;
    }

    /** The key of a partition for these values. */
    Object partitionKey(Binding binding) {
        return isKeyed() ? binding.key(parameters) : binding.exactKey(parameters);
    }

    /** The condition with values, which a partition is evaluated by; null if it is found by hash. @throws WhereException if a part has no value */
    @Nullable
    Expression where(Binding binding) {
        return isKeyed() || select.where().isEmpty()
                ? null
                : Folding.fold(Folding.substitute(select.where().get(), binding.byName(parameters)));
    }

    /** The partition for these values, which a group refers to from now on. */
    Partition acquire(Binding binding) {
        Object key = partitionKey(binding);
        Partition partition = partitions.get(key);
        if (partition == null) {
            partition = partition(key, where(binding));
        }
        partition.users++;
        return partition;
    }

    void release(Partition partition) {
        partition.users--;
        if (partition.isUnused() || (!isKeyed() && partition.users == 0)) {
            drop(partition);
        }
    }

    private Partition partition(Object key, @Nullable Expression where) {
        Partition made = new Partition(this, key, where);
        partitions.put(key, made);
        return made;
    }

    private void drop(Partition partition) {
        partitions.remove(partition.key);
        if (!isKeyed()) {
            holders.drop(partition);
        }
    }

    @Nullable
    Partition partition(Object key) {
        return partitions.get(key);
    }

    /** What a partition gives; none gives nothing. */
    static InnerSet set(@Nullable Partition partition, Moment moment) {
        return partition == null ? EMPTY : partition.at(moment);
    }

    // Values

    /** The key of a value from its text as {@link SubSelect#key} makes it. */
    Object valueKey(String text) {
        return select.value().type().isInteger() ? (Object) Long.valueOf(text) : text;
    }

    /** The key of the value that it gives for a row; null if it fails on the row, which is then not given. */
    private @Nullable Object valueOf(@Nullable Object[] row) {
        try {
            Object value = select.value().evaluate(row, InnerSets.NONE);
            if (value == null) {
                return Partition.NULL;
            }
            SqlType type = select.value().type();
            return type.isInteger() ? value : Values.key(type, value);
        } catch (EvaluationException e) {
            failed(e);
            return null;
        }
    }

    ValueHolders holders() {
        return holders;
    }

    /** Gives the partitions that hold a value. */
    void holding(Object value, Moment moment, Consumer<Partition> action) {
        if (moment == Moment.NEXT && isEmptied) {
            return;
        }
        holders.forEach(value, partition -> give(partition, value, moment, action));
        if (moment == Moment.NEXT) {
            for (Partition partition : planned) {
                if (partition.adds(value)) {
                    give(partition, value, moment, action);
                }
            }
        }
    }

    private static void give(Partition partition, Object value, Moment moment, Consumer<Partition> action) {
        if (moment == Moment.NOW || partition.holds(value, moment)) {
            action.accept(partition);
        }
    }

    // Changes of the inner table

    /** Whether an update can change what it gives. */
    boolean reads(BitSet changed) {
        return columns.intersects(changed);
    }

    /** Notes what a change of the inner table adds and takes away; nothing is changed yet. */
    void plan(@Nullable Object @Nullable [] before, @Nullable Object @Nullable [] after) {
        if (isKeyed()) {
            plan(entry(before), entry(after));
            return;
        }
        for (Partition partition : partitions.values()) {
            plan(entry(partition, before), entry(partition, after));
        }
    }

    private record Entry(Partition partition, Object value) {}

    private void plan(@Nullable Entry removed, @Nullable Entry added) {
        if (Objects.equals(removed, added)) {
            return;
        }
        if (removed != null) {
            removed.partition().planRemoval(removed.value());
            planned.add(removed.partition());
        }
        if (added != null) {
            added.partition().planAddition(added.value());
            if (removed == null || removed.partition() != added.partition()) {
                planned.add(added.partition());
            }
        }
    }

    private @Nullable Entry entry(@Nullable Object @Nullable [] row) {
        Partition partition = row == null ? null : partitionOf(row);
        Object value = row == null || partition == null ? null : valueOf(row);
        return partition == null || value == null ? null : new Entry(partition, value);
    }

    private @Nullable Entry entry(Partition partition, @Nullable Object @Nullable [] row) {
        Object value = row != null && takes(partition.where, row) ? valueOf(row) : null;
        return value == null ? null : new Entry(partition, value);
    }

    /** Notes that the inner table loses all rows. */
    void planEmpty() {
        isEmptied = true;
    }

    List<Partition> planned() {
        return planned;
    }

    boolean isChanging() {
        return isEmptied || !planned.isEmpty();
    }

    void apply() {
        if (isEmptied) {
            holders.clear();
            partitions.values().forEach(Partition::clear);
            partitions.values().removeIf(Partition::isUnused);
            isEmptied = false;
        }
        for (Partition partition : planned) {
            partition.apply();
            if (isKeyed() && partition.isUnused()) {
                partitions.remove(partition.key);
            }
        }
        planned.clear();
    }

    /** The partition of a row of the inner table; null if the sub-select does not give the row for any values. */
    private @Nullable Partition partitionOf(@Nullable Object[] row) {
        if (!takes(rest, row)) {
            return null;
        }
        List<KeyTest> tests = keys.orElseThrow();
        Object[] parts = new Object[tests.size()];
        try {
            for (int i = 0; i < parts.length; i++) {
                Object key = tests.get(i).keyOf(row);
                if (key == null) {
                    return null;
                }
                parts[i] = key;
            }
        } catch (EvaluationException e) {
            failed(e);
            return null;
        }
        Object key = LookupKeys.tuple(parts);
        Partition partition = partitions.get(key);
        return partition == null ? partition(key, null) : partition;
    }

    private boolean takes(@Nullable Expression condition, @Nullable Object[] row) {
        if (condition == null) {
            return true;
        }
        try {
            return Boolean.TRUE.equals(condition.truth(row, InnerSets.NONE));
        } catch (EvaluationException e) {
            failed(e);
            return false;
        }
    }

    private void failed(EvaluationException e) {
        if (failures++ == 0) {
            firstFailure = String.valueOf(e.getMessage());
        }
    }

    long failures() {
        return failures;
    }

    String firstFailure() {
        return firstFailure;
    }

    // Loading

    boolean needsLoad() {
        return isKeyed() ? !isLoaded : partitions.values().stream().anyMatch(p -> !p.isLoaded);
    }

    /** Takes a row of the replica. */
    void load(@Nullable Object[] row) {
        if (isKeyed()) {
            load(entry(row));
            return;
        }
        for (Partition partition : partitions.values()) {
            if (!partition.isLoaded) {
                load(entry(partition, row));
            }
        }
    }

    private static void load(@Nullable Entry entry) {
        if (entry != null) {
            entry.partition().planAddition(entry.value());
            entry.partition().apply();
        }
    }

    void loaded() {
        isLoaded = true;
        partitions.values().forEach(partition -> partition.isLoaded = true);
    }

    void forget() {
        holders.clear();
        partitions.values().forEach(Partition::clear);
        partitions.values().removeIf(Partition::isUnused);
        partitions.values().forEach(partition -> partition.isLoaded = false);
        planned.clear();
        isEmptied = false;
        isLoaded = false;
    }
}
