package dev.warung.replicator.routing.match;

import dev.warung.core.where.tree.Binary;
import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.tree.InnerSets;
import dev.warung.core.where.tree.ParameterValue;
import dev.warung.core.where.type.SqlType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A condition {@code expression = :parameter}, whose expression depends on the row alone.
 *
 * @param test the condition as it stands in the clause
 */
record KeyTest(Expression test, Expression row, ParameterValue parameter) {

    /** Empty if the condition is none. */
    static Optional<KeyTest> of(Expression condition) {
        if (!(condition instanceof Binary binary) || !binary.operator().name().equals("=")) {
            return Optional.empty();
        }
        boolean isSwapped = binary.left() instanceof ParameterValue;
        Expression row = isSwapped ? binary.right() : binary.left();
        Expression value = isSwapped ? binary.left() : binary.right();
        return value instanceof ParameterValue parameter
                        && Conditions.isOfRowAlone(row)
                        && hasKeys(row.type(), parameter.type())
                ? Optional.of(new KeyTest(condition, row, parameter))
                : Optional.empty();
    }

    private static boolean hasKeys(SqlType left, SqlType right) {
        boolean isOneType = left.equals(right) || (left.isInteger() && right.isInteger());
        return isOneType
                && switch (left.kind()) {
                    case ARRAY, JSON, OPAQUE, UNKNOWN -> false;
                    default -> true;
                };
    }

    /** The key of a row, null for NULL. */
    @Nullable
    Object keyOf(@Nullable Object[] values) {
        Object value = row.evaluate(values, InnerSets.NONE);
        return value == null ? null : LookupKeys.of(row.type(), value);
    }
}
