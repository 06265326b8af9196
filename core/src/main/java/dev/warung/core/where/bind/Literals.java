package dev.warung.core.where.bind;

import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.where.problem.WhereException;
import dev.warung.core.where.syntax.Syntax;
import dev.warung.core.where.tree.Constant;
import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.type.NumberText;
import dev.warung.core.where.type.Numeric;
import dev.warung.core.where.type.SqlType;
import java.util.List;
import java.util.Optional;

/** The meaning of names of columns and types, and of numbers. */
final class Literals {

    private final Scope scope;

    Literals(Scope scope) {
        this.scope = scope;
    }

    /** @throws WhereException if the table has no such column, or its values do not travel */
    Expression column(Syntax.Name name) {
        List<String> parts = name.parts();
        String column = parts.get(parts.size() - 1);
        boolean isOther = parts.size() > 3
                || (parts.size() > 1
                        && !parts.get(parts.size() - 2)
                                .equals(scope.table().id().name()))
                || (parts.size() > 2 && !parts.get(0).equals(scope.table().id().schema()));
        if (isOther) {
            throw WhereException.at(
                    name.position(),
                    "unknown reference " + String.join(".", parts) + ": only columns of "
                            + scope.table().id() + " are known here");
        }
        Optional<Expression> found = scope.column(column).map(c -> c);
        return found.orElseThrow(() -> WhereException.at(
                name.position(),
                scope.table().column(column).isPresent()
                        ? "column " + column + " is computed when it is read, so its values are not known here"
                        : "unknown column " + column + " of " + scope.table().id()));
    }

    /** @throws WhereException if values of the type are not supported */
    SqlType type(Syntax.TypeName name) {
        SqlType type = scope.type(name.name() + (name.dimensions() > 0 ? "[]" : ""));
        if (type.is(SqlType.Kind.OPAQUE)) {
            throw WhereException.at(
                    name.position(),
                    scope.domain(type.name())
                            .map(base -> "type " + type + " is a domain: cast to " + base
                                    + ", for its rules are not known here")
                            .orElse("type " + type + " is unknown or not supported"));
        }
        return type;
    }

    /** The smallest of integer, bigint and numeric that holds it. */
    static Expression number(Syntax.Numeral number) {
        try {
            if (isWhole(number.value())) {
                for (SqlType type : List.of(SqlType.INT4, SqlType.INT8)) {
                    Optional<Expression> fitting = integer(number.value(), type);
                    if (fitting.isPresent()) {
                        return fitting.get();
                    }
                }
            }
            return new Constant(SqlType.NUMERIC, Numeric.parse(number.value()));
        } catch (EvaluationException e) {
            throw WhereException.at(number.position(), "this is not a number: " + number.value());
        }
    }

    private static boolean isWhole(String text) {
        boolean isDecimal = !text.contains("0x") && !text.contains("0X");
        return text.chars().noneMatch(c -> c == '.' || (isDecimal && (c == 'e' || c == 'E')));
    }

    private static Optional<Expression> integer(String text, SqlType type) {
        try {
            return Optional.of(new Constant(type, NumberText.integer(text, type)));
        } catch (EvaluationException e) {
            return Optional.empty();
        }
    }
}
