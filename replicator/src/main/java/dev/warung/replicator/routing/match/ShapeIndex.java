package dev.warung.replicator.routing.match;

import dev.warung.core.where.tree.ParameterValue;
import dev.warung.core.where.tree.SubSelect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The tables of a shape and the groups of its instances. */
final class ShapeIndex {

    private final Map<List<ParameterValue>, Grouping> groupings = new HashMap<>();
    private final List<TableIndex> tables = new ArrayList<>();
    private int instances;

    /** @param selects gives the one state of a sub-select */
    ShapeIndex(RoutedShape shape, Function<SubSelect, InnerSelect> selects) {
        for (int i = 0; i < shape.tables().size(); i++) {
            tables.add(new TableIndex(shape, i, p -> groupings.computeIfAbsent(p, Grouping::new), selects));
        }
    }

    List<TableIndex> tables() {
        return tables;
    }

    boolean isUnused() {
        return instances == 0;
    }

    /** Adds the instance to all tables, or to none if one of them cannot take its values. */
    void add(ShapeInstance instance) {
        Binding binding = new Binding(instance);
        Map<Grouping, Group> prepared = new HashMap<>();
        groupings.values().forEach(grouping -> prepared.put(grouping, grouping.prepare(binding)));
        prepared.forEach((grouping, group) -> grouping.join(group, instance, binding));
        instances++;
    }

    void remove(ShapeInstance instance) {
        Binding binding = new Binding(instance);
        groupings.values().forEach(grouping -> grouping.leave(instance, binding));
        instances--;
    }
}
