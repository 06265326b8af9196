package dev.warung.replicator.routing.match;

import dev.warung.core.where.tree.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds all groups: there is no condition that tells them apart by a look-up. */
record EveryGroup(Grouping grouping) implements Finder {

    @Override
    public List<Expression> decided() {
        return List.of();
    }

    @Override
    public boolean isSelective() {
        return false;
    }

    @Override
    public boolean isStateless() {
        return true;
    }

    @Override
    public void find(@Nullable Object[] row, Moment moment, Matches into) {
        grouping.groups().forEach(into::add);
    }

    @Override
    public boolean accepts(Group group, @Nullable Object[] row, Moment moment) {
        return true;
    }

    @Override
    public void link(Group group, Binding binding) {}

    @Override
    public void unlink(Group group, Binding binding) {}
}
