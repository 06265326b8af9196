package dev.warung.replicator.routing.match;

import dev.warung.core.where.tree.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides an OR whose parts are decided by look-ups each, such as {@code from_branch = :branch or to_branch = :branch}. The parts read plain
 * columns, so none can fail where PostgreSQL would not have come to it.
 */
record UnionFinder(Expression or, List<Finder> parts) implements Finder {

    @Override
    public List<Expression> decided() {
        return List.of(or);
    }

    @Override
    public boolean isStateless() {
        return parts.stream().allMatch(Finder::isStateless);
    }

    @Override
    public void find(@Nullable Object[] row, Moment moment, Matches into) {
        for (Finder part : parts) {
            part.find(row, moment, into);
        }
    }

    @Override
    public boolean accepts(Group group, @Nullable Object[] row, Moment moment) {
        return parts.stream().anyMatch(part -> part.accepts(group, row, moment));
    }

    @Override
    public void link(Group group, Binding binding) {
        parts.forEach(part -> part.link(group, binding));
    }

    @Override
    public void unlink(Group group, Binding binding) {
        parts.forEach(part -> part.unlink(group, binding));
    }
}
