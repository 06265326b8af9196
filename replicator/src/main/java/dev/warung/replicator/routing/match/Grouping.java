package dev.warung.replicator.routing.match;

import dev.warung.core.where.tree.ParameterValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The groups by certain parameters of a shape; all its tables whose clauses have just these parameters share it. */
final class Grouping {

    private final List<ParameterValue> parameters;
    private final Map<Object, Group> groups = new HashMap<>();
    private final List<TableIndex> bound = new ArrayList<>();

    Grouping(List<ParameterValue> parameters) {
        this.parameters = parameters;
    }

    List<ParameterValue> parameters() {
        return parameters;
    }

    /** Takes a table that keeps something for each group, and says at which place of {@link Group#bounds}. */
    int bind(TableIndex table) {
        bound.add(table);
        return bound.size() - 1;
    }

    /** The group of these values, made if there is none; it takes part when an instance {@link #join joins} it. */
    Group prepare(Binding binding) {
        Object key = binding.exactKey(parameters);
        Group present = groups.get(key);
        if (present != null) {
            return present;
        }
        Group.Bound[] bounds = new Group.Bound[bound.size()];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = bound.get(i).bind(binding);
        }
        return new Group(key, bounds);
    }

    void join(Group group, ShapeInstance instance, Binding binding) {
        if (groups.putIfAbsent(group.key, group) == null) {
            bound.forEach(table -> table.link(group, binding));
        }
        group.add(instance);
    }

    void leave(ShapeInstance instance, Binding binding) {
        Group group = groups.get(binding.exactKey(parameters));
        if (group == null) {
            return;
        }
        group.remove(instance);
        if (group.isEmpty()) {
            groups.remove(group.key);
            bound.forEach(table -> table.unlink(group, binding));
        }
    }

    @Nullable
    Group get(Object key) {
        return groups.get(key);
    }

    Collection<Group> groups() {
        return groups.values();
    }
}
