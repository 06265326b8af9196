package dev.warung.replicator.routing.match;

import dev.warung.core.schema.Column;
import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.where.tree.ColumnValue;
import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.tree.InnerSets;
import dev.warung.core.where.tree.Test.InSelect;
import dev.warung.core.where.tree.Unary;
import dev.warung.core.where.type.SqlType;
import dev.warung.core.where.type.SqlType.Kind;
import dev.warung.core.where.type.Values;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sub-select at its place in a table's clause.
 *
 * @param place among the uses of the table
 * @param isPositive whether it can only let rows in, so that NULL in it and its being empty decide nothing
 * @param groups the groups that refer to a partition
 */
record SelectUse(
        TableIndex table, int place, InSelect test, InnerSelect inner, boolean isPositive, GroupLookup groups) {

    /** What the sub-select gives for a group; null if it gives nothing. */
    @Nullable
    Partition partition(Group group) {
        if (isDirect()) {
            return inner.partition(inner.parameters().isEmpty() ? LookupKeys.NONE : group.key);
        }
        Group.Bound bound = table.bound(group);
        return bound == null ? null : bound.partitions()[place];
    }

    /** Whether nothing is kept for a group: the group's own key finds what the sub-select gives. */
    boolean isDirect() {
        return inner.isKeyed() && groups.isStateless();
    }

    /** The key of the value that is looked for; null for NULL, and where it fails. */
    @Nullable
    Object valueOf(@Nullable Object[] row) {
        try {
            return valueOrFailure(row);
        } catch (EvaluationException e) {
            return null;
        }
    }

    @Nullable
    Object valueOrFailure(@Nullable Object[] row) {
        Expression operand = test.operand();
        Object value = operand.evaluate(row, InnerSets.NONE);
        if (value == null) {
            return null;
        }
        return operand.type().isInteger() ? value : Values.key(operand.type(), value);
    }

    /** The column that holds the value that is looked for, if SQLite finds it there: the key is then what SQLite stores. */
    Optional<Column> lookupColumn() {
        Expression operand = test.operand();
        while (operand instanceof Unary unary && isRelabel(unary.operand().type(), unary.type())) {
            operand = unary.operand();
        }
        boolean isStoredAsKey = operand.type().isInteger()
                || operand.type().is(Kind.TEXT)
                || operand.type().is(Kind.VARCHAR)
                || operand.type().is(Kind.NAME)
                || operand.type().is(Kind.UUID)
                || operand.type().is(Kind.ENUM);
        return operand instanceof ColumnValue column && isStoredAsKey ? Optional.of(column.column()) : Optional.empty();
    }

    /** Casts that leave every value as it is. One to a smaller integer fails on some, which then equal nothing that is looked for. */
    private static boolean isRelabel(SqlType from, SqlType to) {
        return (from.isInteger() && to.isInteger()) || (isPlainText(from) && to.is(Kind.TEXT));
    }

    private static boolean isPlainText(SqlType type) {
        return type.is(Kind.TEXT) || type.is(Kind.VARCHAR) || type.is(Kind.NAME);
    }
}
