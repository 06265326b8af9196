package dev.warung.replicator.routing.match;

import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.tree.ParameterValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides {@code expression = :parameter}, one or several of them, by a look-up. */
final class HashFinder implements Finder {

    private final KeyTest[] tests;
    private final GroupLookup groups;

    /** @param tests of different parameters, in the order of the grouping's */
    HashFinder(List<KeyTest> tests, Grouping grouping) {
        this.tests = tests.toArray(KeyTest[]::new);
        List<ParameterValue> parameters = new ArrayList<>();
        tests.forEach(test -> parameters.add(test.parameter()));
        this.groups = GroupLookup.byEquality(parameters, grouping);
    }

    @Override
    public List<Expression> decided() {
        return List.of(tests).stream().map(KeyTest::test).toList();
    }

    @Override
    public boolean isStateless() {
        return groups.isStateless();
    }

    @Override
    public void find(@Nullable Object[] row, Moment moment, Matches into) {
        Object key = keyOf(row);
        if (key != null) {
            groups.collect(key, into);
        }
    }

    private @Nullable Object keyOf(@Nullable Object[] row) {
        if (tests.length == 1) {
            return tests[0].keyOf(row);
        }
        Object[] parts = new Object[tests.length];
        for (int i = 0; i < parts.length; i++) {
            Object part = tests[i].keyOf(row);
            if (part == null) {
                return null;
            }
            parts[i] = part;
        }
        return LookupKeys.tuple(parts);
    }

    @Override
    public boolean accepts(Group group, @Nullable Object[] row, Moment moment) {
        Object key = keyOf(row);
        return key != null && groups.holds(key, group);
    }

    @Override
    public void link(Group group, Binding binding) {
        groups.link(group, binding);
    }

    @Override
    public void unlink(Group group, Binding binding) {
        groups.unlink(group, binding);
    }
}
