package dev.warung.replicator.routing.match;

import dev.warung.core.where.tree.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the groups for which some conditions of a clause are true on a row, without asking each group. */
interface Finder {

    /** The conditions that it decides; the others are evaluated. */
    List<Expression> decided();

    /** Whether it mostly finds few groups, so that it is asked first. */
    default boolean isSelective() {
        return true;
    }

    /** Whether it keeps nothing for a group, so that {@link #link} is not needed. */
    boolean isStateless();

    /** Adds the groups for which the decided conditions are true. */
    void find(@Nullable Object[] row, Moment moment, Matches into);

    /** Whether they are true for one group. */
    boolean accepts(Group group, @Nullable Object[] row, Moment moment);

    void link(Group group, Binding binding);

    void unlink(Group group, Binding binding);
}
