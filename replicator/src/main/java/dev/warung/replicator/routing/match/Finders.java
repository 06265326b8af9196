package dev.warung.replicator.routing.match;

import dev.warung.core.where.tree.ColumnValue;
import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.tree.Logic;
import dev.warung.core.where.tree.ParameterValue;
import dev.warung.core.where.tree.Test.InSelect;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Chooses how the groups of a clause are found: by the look-up that tells most of them apart. */
final class Finders {

    private final Grouping grouping;
    private final List<SelectUse> uses;

    Finders(Grouping grouping, List<SelectUse> uses) {
        this.grouping = grouping;
        this.uses = uses;
    }

    Finder choose(List<Expression> conditions) {
        Optional<Finder> hash = byHash(conditions);
        Optional<Finder> select = bySelect(conditions);
        Optional<Finder> union = byUnion(conditions);
        return hash.filter(this::isComplete)
                .or(() -> select.filter(this::isComplete))
                .or(() -> union)
                .or(() -> hash)
                .or(() -> select)
                .or(() -> byInterval(conditions))
                .orElseGet(() -> new EveryGroup(grouping));
    }

    /** Whether it tells all groups apart. */
    private boolean isComplete(Finder finder) {
        return Conditions.parameters(finder.decided()).size()
                == grouping.parameters().size();
    }

    private Optional<Finder> byHash(List<Expression> conditions) {
        List<KeyTest> chosen = new ArrayList<>();
        for (ParameterValue parameter : grouping.parameters()) {
            conditions.stream()
                    .flatMap(condition -> KeyTest.of(condition).stream())
                    .filter(test -> test.parameter().equals(parameter))
                    .findFirst()
                    .ifPresent(chosen::add);
        }
        return chosen.isEmpty() ? Optional.empty() : Optional.of(new HashFinder(chosen, grouping));
    }

    private Optional<Finder> bySelect(List<Expression> conditions) {
        return conditions.stream()
                .filter(InSelect.class::isInstance)
                .flatMap(condition -> use(condition).stream())
                .filter(use ->
                        use.inner().isKeyed() && !use.inner().parameters().isEmpty())
                .findFirst()
                .map(SelectFinder::new);
    }

    private Optional<SelectUse> use(Expression condition) {
        return uses.stream().filter(use -> use.test() == condition).findFirst();
    }

    private Optional<Finder> byUnion(List<Expression> conditions) {
        return conditions.stream()
                .filter(Logic.Or.class::isInstance)
                .flatMap(or -> union(or).stream())
                .findFirst();
    }

    private Optional<Finder> union(Expression or) {
        List<Finder> parts = new ArrayList<>();
        for (Expression part : or.operands()) {
            List<Expression> conditions = Conditions.conjuncts(part);
            Finder finder = byHash(conditions).or(() -> bySelect(conditions)).orElse(null);
            boolean isWhole = finder != null && finder.decided().size() == conditions.size();
            if (!isWhole || !conditions.stream().allMatch(Finders::readsPlainColumn)) {
                return Optional.empty();
            }
            parts.add(finder);
        }
        return Optional.of(new UnionFinder(or, parts));
    }

    private static boolean readsPlainColumn(Expression condition) {
        return condition instanceof InSelect in
                ? in.operand() instanceof ColumnValue
                : KeyTest.of(condition)
                        .filter(test -> test.row() instanceof ColumnValue)
                        .isPresent();
    }

    private Optional<Finder> byInterval(List<Expression> conditions) {
        List<Limit> limits = conditions.stream()
                .flatMap(condition -> Limit.of(condition).stream())
                .toList();
        Set<Expression> seen = new HashSet<>();
        Optional<Finder> best = Optional.empty();
        for (Limit limit : limits) {
            if (!seen.add(limit.row())) {
                continue;
            }
            Optional<Limit> lower = first(limits, limit.row(), true);
            Optional<Limit> upper = first(limits, limit.row(), false);
            if (best.isEmpty() || (lower.isPresent() && upper.isPresent())) {
                best = Optional.of(new IntervalFinder(lower, upper));
            }
        }
        return best;
    }

    private static Optional<Limit> first(List<Limit> limits, Expression row, boolean isLower) {
        return limits.stream()
                .filter(limit -> limit.row().equals(row) && limit.isLower() == isLower)
                .findFirst();
    }
}
