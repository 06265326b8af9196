package dev.warung.replicator.routing.match;

import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.tree.Folding;
import dev.warung.core.where.tree.InnerSet;
import dev.warung.core.where.tree.InnerSets;
import dev.warung.core.where.tree.ParameterValue;
import dev.warung.core.where.tree.SubSelect;
import dev.warung.core.where.tree.Test.InSelect;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Says which groups of instances hold a row of one table of a shape. The clause is a conjunction: a finder decides a part of it by look-up, what
 * reads no parameter is evaluated once for a row, and only the rest for each group that is left.
 */
@SuppressWarnings("ReferenceEquality") // a part of a clause is that very part, not one like it
final class TableIndex {

    private final RoutedShape shape;
    private final int number;
    private final Grouping grouping;
    private final List<SelectUse> uses = new ArrayList<>();
    private final Finder finder;

    /** What reads no parameter; null if nothing does. */
    private final @Nullable Expression fixed;

    /** What must be evaluated for each group; null if nothing must. */
    private final @Nullable Expression rest;

    private final List<ParameterValue> restParameters;

    /** The uses of the sub-selects in {@code rest}, from left to right. */
    private final List<SelectUse> restUses;

    private final BitSet tested = new BitSet();
    private final BitSet selected = new BitSet();

    /** The place in {@link Group#bounds}, or -1 if nothing is kept for a group. */
    private final int place;

    private long failures;
    private String firstFailure = "";

    /**
     * @param groupings gives the one grouping of a shape for these parameters
     * @param selects gives the one state of a sub-select
     */
    TableIndex(
            RoutedShape shape,
            int number,
            Function<List<ParameterValue>, Grouping> groupings,
            Function<SubSelect, InnerSelect> selects) {
        this.shape = shape;
        this.number = number;
        RoutedShape.Table table = table();
        List<Expression> conditions =
                table.where().map(where -> Conditions.conjuncts(where.tree())).orElse(List.of());
        this.grouping = groupings.apply(Conditions.parameters(conditions));
        addUses(conditions, selects);
        this.finder = new Finders(grouping, uses).choose(conditions);
        Set<Expression> decided = Collections.newSetFromMap(new IdentityHashMap<>());
        decided.addAll(finder.decided());
        List<Expression> left =
                conditions.stream().filter(c -> !decided.contains(c)).toList();
        this.fixed =
                Conditions.all(left.stream().filter(c -> isWithoutParameters(c)).toList());
        this.rest = Conditions.all(
                left.stream().filter(c -> !isWithoutParameters(c)).toList());
        this.restParameters = rest == null ? List.of() : Conditions.parameters(List.of(rest));
        this.restUses = rest == null
                ? List.of()
                : Conditions.subSelects(rest).stream().map(this::use).toList();
        conditions.forEach(condition -> tested.or(Conditions.columns(condition)));
        table.columns()
                .forEach(column -> selected.set(table.schema().copiedColumns().indexOf(column)));
        boolean isStateless =
                rest == null && finder.isStateless() && uses.stream().allMatch(SelectUse::isDirect);
        this.place = isStateless ? -1 : grouping.bind(this);
    }

    private static boolean isWithoutParameters(Expression condition) {
        return Conditions.parameters(List.of(condition)).isEmpty();
    }

    private void addUses(List<Expression> conditions, Function<SubSelect, InnerSelect> selects) {
        for (Expression condition : conditions) {
            List<SubSelect> positive = Conditions.positive(condition);
            for (InSelect test : Conditions.subSelects(condition)) {
                InnerSelect inner = selects.apply(test.select());
                boolean isPositive = positive.stream().anyMatch(select -> select == test.select());
                GroupLookup groups = inner.isKeyed()
                        ? GroupLookup.byEquality(inner.parameters(), grouping)
                        : GroupLookup.byText(inner.parameters(), grouping);
                SelectUse use = new SelectUse(this, uses.size(), test, inner, isPositive, groups);
                uses.add(use);
                inner.uses.add(use);
            }
        }
    }

    private SelectUse use(InSelect test) {
        return uses.stream().filter(use -> use.test() == test).findFirst().orElseThrow();
    }

    RoutedShape.Table table() {
        return shape.tables().get(number);
    }

    int number() {
        return number;
    }

    Grouping grouping() {
        return grouping;
    }

    List<SelectUse> uses() {
        return uses;
    }

    // Groups

    /** @throws dev.warung.core.where.problem.WhereException if a part of the clause has no value with these values */
    Group.Bound bind(Binding binding) {
        uses.forEach(use -> use.inner().where(binding));
        Expression whole = rest;
        if (whole == null) {
            return new Group.Bound(null, new SubSelect[0], new Partition[uses.size()]);
        }
        Expression filled = Folding.substitute(whole, binding.byName(restParameters));
        SubSelect[] selects =
                Conditions.subSelects(filled).stream().map(InSelect::select).toArray(SubSelect[]::new);
        return new Group.Bound(Folding.fold(filled), selects, new Partition[uses.size()]);
    }

    void link(Group group, Binding binding) {
        finder.link(group, binding);
        for (SelectUse use : uses) {
            use.groups().link(group, binding);
            if (!use.isDirect()) {
                boundOf(group).partitions()[use.place()] = use.inner().acquire(binding);
            }
        }
    }

    void unlink(Group group, Binding binding) {
        finder.unlink(group, binding);
        for (SelectUse use : uses) {
            use.groups().unlink(group, binding);
            Partition partition = use.isDirect() ? null : boundOf(group).partitions()[use.place()];
            if (partition != null) {
                use.inner().release(partition);
            }
        }
    }

    private Group.Bound boundOf(Group group) {
        Group.Bound bound = bound(group);
        if (bound == null) {
            throw new IllegalStateException("nothing is bound in " + shape);
        }
        return bound;
    }

    Group.@Nullable Bound bound(Group group) {
        return place < 0 ? null : group.bounds[place];
    }

    // Rows

    boolean selects(BitSet changed) {
        return selected.intersects(changed);
    }

    /** Whether a change of these columns, or one of the inner tables that is under way, may move a row. */
    boolean tests(BitSet changed) {
        if (tested.intersects(changed)) {
            return true;
        }
        for (int i = 0; i < uses.size(); i++) {
            if (uses.get(i).inner().isChanging()) {
                return true;
            }
        }
        return false;
    }

    /** Finds the groups that hold a row; none where the clause fails. */
    void match(@Nullable Object[] row, Moment moment, Matches into) {
        into.clear();
        try {
            if (!finder.isSelective() && !isFixedTrue(row, moment)) {
                return;
            }
            finder.find(row, moment, into);
            if (finder.isSelective() && !into.isEmpty() && !isFixedTrue(row, moment)) {
                into.clear();
            }
        } catch (EvaluationException e) {
            into.clear();
            if (!isGuarded(row, moment)) {
                failed(e);
            }
        }
        if (rest != null) {
            into.retain(group -> isRestTrue(group, row, moment));
        }
    }

    /** Whether one group holds a row. */
    boolean takes(Group group, @Nullable Object[] row, Moment moment) {
        try {
            return finder.accepts(group, row, moment) && isFixedTrue(row, moment) && isRestTrue(group, row, moment);
        } catch (EvaluationException e) {
            failed(e);
            return false;
        }
    }

    private boolean isFixedTrue(@Nullable Object[] row, Moment moment) {
        return fixed == null
                || Boolean.TRUE.equals(
                        uses.isEmpty()
                                ? fixed.truth(row, InnerSets.NONE)
                                : fixed.truth(row, select -> fixedSet(select, moment)));
    }

    /** Whether another part of the clause is not true either, so that PostgreSQL need not have come to the part that failed. */
    private boolean isGuarded(@Nullable Object[] row, Moment moment) {
        try {
            return !isFixedTrue(row, moment);
        } catch (EvaluationException e) {
            return false;
        }
    }

    private InnerSet fixedSet(SubSelect select, Moment moment) {
        for (SelectUse use : uses) {
            if (use.test().select() == select) {
                return InnerSelect.set(use.inner().partition(LookupKeys.NONE), moment);
            }
        }
        throw new IllegalStateException("a sub-select of " + shape + " is not known");
    }

    private boolean isRestTrue(Group group, @Nullable Object[] row, Moment moment) {
        Group.Bound bound = bound(group);
        if (bound == null || bound.rest() == null) {
            return true;
        }
        try {
            return Boolean.TRUE.equals(bound.rest()
                    .truth(row, uses.isEmpty() ? InnerSets.NONE : select -> restSet(group, bound, select, moment)));
        } catch (EvaluationException e) {
            failed(e);
            return false;
        }
    }

    private InnerSet restSet(Group group, Group.Bound bound, SubSelect select, Moment moment) {
        for (int i = 0; i < bound.selects().length; i++) {
            if (bound.selects()[i] == select) {
                return InnerSelect.set(restUses.get(i).partition(group), moment);
            }
        }
        throw new IllegalStateException("a sub-select of " + shape + " is not known");
    }

    private void failed(EvaluationException e) {
        if (failures++ == 0) {
            firstFailure = String.valueOf(e.getMessage());
        }
    }

    /** How often the clause or a sub-select of it failed on a row. */
    FailedEvaluations failures() {
        long count = failures;
        String message = firstFailure;
        for (SelectUse use : uses) {
            count += use.inner().failures();
            message = message.isEmpty() ? use.inner().firstFailure() : message;
        }
        return new FailedEvaluations(shape, table().schema().id(), count, message);
    }
}
