package dev.warung.replicator.routing.match;

import dev.warung.core.where.tree.ColumnValue;
import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.tree.Logic;
import dev.warung.core.where.tree.ParameterValue;
import dev.warung.core.where.tree.SubSelect;
import dev.warung.core.where.tree.Test.InSelect;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes conditions apart. A conjunction is true if, and only if, each part is; so its parts can be decided in any order. */
final class Conditions {

    private Conditions() {}

    /** The parts of nested ANDs. */
    static List<Expression> conjuncts(Expression condition) {
        return condition instanceof Logic.And and
                ? and.operands().stream()
                        .flatMap(part -> conjuncts(part).stream())
                        .toList()
                : List.of(condition);
    }

    /** The parameters, those of sub-selects too, by name. */
    static List<ParameterValue> parameters(Collection<Expression> conditions) {
        Set<ParameterValue> found = new LinkedHashSet<>();
        conditions.forEach(condition -> collect(condition, found));
        List<ParameterValue> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparing(ParameterValue::name));
        return List.copyOf(sorted);
    }

    private static void collect(Expression condition, Set<ParameterValue> found) {
        condition.all().forEach(part -> {
            if (part instanceof ParameterValue parameter) {
                found.add(parameter);
            } else if (part instanceof InSelect in) {
                in.select().where().ifPresent(where -> collect(where, found));
            }
        });
    }

    /** Whether it reads no parameter and no other table. */
    static boolean isOfRowAlone(Expression expression) {
        return expression.all().noneMatch(part -> part instanceof ParameterValue || part instanceof InSelect);
    }

    /** The sub-selects from left to right. */
    static List<InSelect> subSelects(Expression condition) {
        return condition
                .all()
                .filter(InSelect.class::isInstance)
                .map(InSelect.class::cast)
                .toList();
    }

    /** The sub-selects that can only make the condition true, never false or unknown where it was true: those below AND and OR alone. */
    static List<SubSelect> positive(Expression condition) {
        if (condition instanceof InSelect in) {
            return List.of(in.select());
        }
        boolean isMonotone = condition instanceof Logic.And || condition instanceof Logic.Or;
        return isMonotone
                ? condition.operands().stream()
                        .flatMap(part -> positive(part).stream())
                        .toList()
                : List.of();
    }

    /** The positions of the columns that it reads. */
    static BitSet columns(Expression condition) {
        BitSet columns = new BitSet();
        condition.all().forEach(part -> {
            if (part instanceof ColumnValue column) {
                columns.set(column.index());
            }
        });
        return columns;
    }

    /** All conditions in one; null if there are none. */
    static @Nullable Expression all(List<Expression> conditions) {
        return conditions.isEmpty() ? null : conditions.size() == 1 ? conditions.get(0) : new Logic.And(conditions);
    }
}
