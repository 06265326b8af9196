package dev.warung.core.where.bind;

import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.type.SqlType;

/** A bound part and where it stands in the clause. */
record Operand(int position, Expression expression) {
    SqlType type() {
        return expression.type();
    }
}
