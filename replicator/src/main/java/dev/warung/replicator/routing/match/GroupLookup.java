package dev.warung.replicator.routing.match;

import dev.warung.core.where.tree.ParameterValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The groups with certain values for some of their parameters. */
final class GroupLookup {

    private final Grouping grouping;
    private final Function<Binding, Object> key;

    /** Null where nothing is kept: the grouping itself is such a look-up, or all groups have the key. */
    private final @Nullable Map<Object, List<Group>> byKey;

    private final boolean isForAll;

    private GroupLookup(
            List<ParameterValue> parameters, Grouping grouping, Function<Binding, Object> key, boolean isGroupKey) {
        this.grouping = grouping;
        this.key = key;
        this.isForAll = parameters.isEmpty();
        boolean isGrouping = parameters.equals(grouping.parameters()) && isGroupKey;
        this.byKey = isGrouping || isForAll ? null : new HashMap<>();
    }

    /**
     * By {@link Binding#key}: values that {@code =} holds equal find the same.
     *
     * @param parameters some of the grouping's, in its order
     */
    static GroupLookup byEquality(List<ParameterValue> parameters, Grouping grouping) {
        boolean isGroupKey = parameters.stream().allMatch(p -> p.type().isEqualAsText());
        return new GroupLookup(parameters, grouping, binding -> binding.key(parameters), isGroupKey);
    }

    /**
     * By {@link Binding#exactKey}.
     *
     * @param parameters some of the grouping's, in its order
     */
    static GroupLookup byText(List<ParameterValue> parameters, Grouping grouping) {
        return new GroupLookup(parameters, grouping, binding -> binding.exactKey(parameters), true);
    }

    /** Whether it keeps nothing for a group. */
    boolean isStateless() {
        return byKey == null;
    }

    void link(Group group, Binding binding) {
        if (byKey != null) {
            byKey.computeIfAbsent(key.apply(binding), k -> new ArrayList<>(1)).add(group);
        }
    }

    void unlink(Group group, Binding binding) {
        if (byKey != null) {
            byKey.computeIfPresent(key.apply(binding), (k, groups) -> {
                groups.remove(group);
                return groups.isEmpty() ? null : groups;
            });
        }
    }

    void collect(Object wanted, Matches into) {
        if (isForAll) {
            grouping.groups().forEach(into::add);
            return;
        }
        if (byKey == null) {
            Group group = grouping.get(wanted);
            if (group != null) {
                into.add(group);
            }
            return;
        }
        List<Group> groups = byKey.get(wanted);
        if (groups != null) {
            groups.forEach(into::add);
        }
    }

    boolean holds(Object wanted, Group group) {
        if (byKey == null) {
            return isForAll || group.key.equals(wanted);
        }
        List<Group> groups = byKey.get(wanted);
        return groups != null && groups.contains(group);
    }
}
