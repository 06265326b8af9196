package dev.warung.replicator.routing.match;

import dev.warung.core.where.tree.Binary;
import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.tree.ParameterValue;
import dev.warung.core.where.type.Order;
import dev.warung.core.where.type.SqlType;
import java.util.Optional;

/**
 * A condition such as {@code expression < :parameter}, whose expression depends on the row alone.
 *
 * @param isLower whether the parameter is below the expression
 * @param isInclusive whether both may be equal
 */
record Limit(Expression test, Expression row, ParameterValue parameter, boolean isLower, boolean isInclusive) {

    /** Empty if the condition is none. */
    static Optional<Limit> of(Expression condition) {
        if (!(condition instanceof Binary binary)) {
            return Optional.empty();
        }
        String name = binary.operator().name();
        boolean isLess = name.equals("<") || name.equals("<=");
        boolean isGreater = name.equals(">") || name.equals(">=");
        boolean isSwapped = binary.left() instanceof ParameterValue;
        Expression row = isSwapped ? binary.right() : binary.left();
        Expression value = isSwapped ? binary.left() : binary.right();
        if (!(isLess || isGreater)
                || !(value instanceof ParameterValue parameter)
                || !Conditions.isOfRowAlone(row)
                || !isOneType(row.type(), parameter.type())) {
            return Optional.empty();
        }
        return Optional.of(new Limit(condition, row, parameter, isGreater != isSwapped, name.endsWith("=")));
    }

    private static boolean isOneType(SqlType left, SqlType right) {
        return left.equals(right) || (left.isInteger() && right.isInteger());
    }

    /** Whether a value of the expression is on the right side of a parameter's. */
    boolean allows(Object value, Object limit) {
        int order = Order.compare(row.type(), value, limit);
        return order == 0 ? isInclusive : isLower == (order > 0);
    }
}
