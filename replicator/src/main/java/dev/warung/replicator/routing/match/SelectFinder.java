package dev.warung.replicator.routing.match;

import dev.warung.core.where.tree.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides {@code expression IN (SELECT … WHERE column = :parameter)} by looking up which partitions hold the value. */
record SelectFinder(SelectUse use) implements Finder {

    @Override
    public List<Expression> decided() {
        return List.of(use.test());
    }

    @Override
    public boolean isStateless() {
        return true;
    }

    @Override
    public void find(@Nullable Object[] row, Moment moment, Matches into) {
        Object value = use.valueOrFailure(row);
        if (value != null) {
            use.inner().holding(value, moment, partition -> use.groups().collect(partition.key, into));
        }
    }

    @Override
    public boolean accepts(Group group, @Nullable Object[] row, Moment moment) {
        Object value = use.valueOrFailure(row);
        Partition partition = use.partition(group);
        return value != null && partition != null && partition.holds(value, moment);
    }

    @Override
    public void link(Group group, Binding binding) {}

    @Override
    public void unlink(Group group, Binding binding) {}
}
