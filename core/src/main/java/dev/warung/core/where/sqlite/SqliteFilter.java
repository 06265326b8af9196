package dev.warung.core.where.sqlite;

import dev.warung.core.schema.Column;
import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.tree.Logic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A condition for SQLite that is true for every row for which the clause is true.
 *
 * @param sql a boolean expression; {@code 1} if SQLite can decide nothing
 * @param values for its question marks, in order: Long, Double, String or byte[]
 * @param isExact whether it is true for no other rows, so that they need not be evaluated again
 */
public record SqliteFilter(String sql, List<Object> values, boolean isExact) {
    public SqliteFilter {
        values = List.copyOf(values);
    }

    /** @param name the column's name in the SQLite table, quoted */
    public static SqliteFilter of(Expression clause, Function<Column, String> name) {
        SqliteWriter writer = new SqliteWriter(name);
        List<Expression> conjuncts = clause instanceof Logic.And and ? and.operands() : List.of(clause);
        List<String> parts = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        boolean isExact = true;
        for (Expression conjunct : conjuncts) {
            Optional<SqliteWriter.Part> part = writer.write(conjunct);
            if (part.isPresent()) {
                parts.add(part.get().sql());
                values.addAll(part.get().values());
            } else {
                isExact = false;
            }
        }
        return new SqliteFilter(parts.isEmpty() ? "1" : String.join(" AND ", parts), values, isExact);
    }
}
