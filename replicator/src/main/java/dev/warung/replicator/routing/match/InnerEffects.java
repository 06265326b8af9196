package dev.warung.replicator.routing.match;

import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Moves rows of other tables, or other rows of the same one, in and out of instances when a change of an inner table changes what sub-selects
 * give. The rows come from the replica; each is looked at as before and as after the change, while the change is planned and not yet made.
 */
final class InnerEffects {

    private final ReplicaRows replica;
    private final Matches found;
    private final Differences differences;

    InnerEffects(ReplicaRows replica, Matches found, Differences differences) {
        this.replica = replica;
        this.found = found;
        this.differences = differences;
    }

    /**
     * Tells what the changes that are planned do.
     *
     * @param ownTopic of the table that changes
     * @param isChanged whether a row of that table is the one that changes; its own moves are told elsewhere
     */
    void tell(List<InnerSelect> selects, String ownTopic, Predicate<@Nullable Object[]> isChanged, RoutingSink sink) {
        Map<TableIndex, List<SelectUse>> touched = new LinkedHashMap<>();
        for (InnerSelect select : selects) {
            if (select.isChanging()) {
                select.uses.forEach(use -> touched.computeIfAbsent(use.table(), t -> new ArrayList<>(1))
                        .add(use));
            }
        }
        touched.forEach((table, uses) -> {
            boolean isOwn = table.table().schema().topic().equals(ownTopic);
            if (isOwn && uses.get(0).inner().isEmptied()) {
                return;
            }
            Predicate<@Nullable Object[]> isOther = isOwn ? row -> !isChanged.test(row) : row -> true;
            if (uses.size() > 1 || uses.get(0).inner().isEmptied()) {
                tellAll(table, isOther, sink);
            } else {
                tell(uses.get(0), isOther, sink);
            }
        });
    }

    /** Looks at all rows: a row may be moved by several sub-selects, or by all values at once. */
    private void tellAll(TableIndex table, Predicate<@Nullable Object[]> isOther, RoutingSink sink) {
        replica.all(table.table().schema(), row -> {
            if (isOther.test(row)) {
                differences.tell(table, row, row, sink);
            }
        });
    }

    private void tell(SelectUse use, Predicate<@Nullable Object[]> isOther, RoutingSink sink) {
        Map<Object, Set<Partition>> byValue = new HashMap<>();
        Set<Partition> forAll = new LinkedHashSet<>();
        for (Partition partition : use.inner().planned()) {
            if (!use.isPositive() && partition.changesForAll()) {
                forAll.add(partition);
            }
            add(byValue, partition.vanishing(), partition);
            add(byValue, partition.appearing(), partition);
        }
        TableSchema outer = use.table().table().schema();
        Optional<Column> column = use.lookupColumn();
        if (forAll.isEmpty() && column.isPresent()) {
            byValue.forEach((value, partitions) -> replica.having(outer, column.get(), value, row -> {
                if (isOther.test(row)) {
                    compare(use, partitions, row, sink);
                }
            }));
        } else if (!forAll.isEmpty() || !byValue.isEmpty()) {
            forAll.addAll(forAll.isEmpty() ? Set.of() : use.inner().planned());
            replica.all(outer, onAll(use, byValue, forAll, isOther, sink));
        }
    }

    private Consumer<@Nullable Object[]> onAll(
            SelectUse use,
            Map<Object, Set<Partition>> byValue,
            Set<Partition> forAll,
            Predicate<@Nullable Object[]> isOther,
            RoutingSink sink) {
        return row -> {
            Object value = forAll.isEmpty() ? use.valueOf(row) : null;
            Set<Partition> partitions = value == null ? forAll : byValue.getOrDefault(value, Set.of());
            if (!partitions.isEmpty() && isOther.test(row)) {
                compare(use, partitions, row, sink);
            }
        };
    }

    private static void add(Map<Object, Set<Partition>> byValue, @Nullable Object value, Partition partition) {
        if (value != null) {
            byValue.computeIfAbsent(value, v -> new LinkedHashSet<>()).add(partition);
        }
    }

    private void compare(SelectUse use, Set<Partition> partitions, @Nullable Object[] row, RoutingSink sink) {
        found.clear();
        partitions.forEach(partition -> use.groups().collect(partition.key, found));
        TableIndex table = use.table();
        for (int i = 0; i < found.size(); i++) {
            Group group = found.get(i);
            boolean isIn = table.takes(group, row, Moment.NOW);
            boolean willBe = table.takes(group, row, Moment.NEXT);
            if (isIn && !willBe) {
                group.forEach(instance -> sink.leaves(instance, table.number(), row));
            } else if (!isIn && willBe) {
                group.forEach(instance -> sink.enters(instance, table.number(), row));
            }
        }
    }
}
