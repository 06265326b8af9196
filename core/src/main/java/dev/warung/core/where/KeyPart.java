package dev.warung.core.where;

import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.where.problem.WhereException;
import dev.warung.core.where.tree.ColumnValue;
import dev.warung.core.where.type.SqlType;
import dev.warung.core.where.type.Values;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A condition {@code column = :parameter} that every row of the clause fulfils. A row can only be taken by a clause with parameter
 * values whose key is the row's, so both can meet in a hash table. NULL has no key: no row with it is taken.
 *
 * @param parameterType what the parameter's text is read as
 */
public record KeyPart(ColumnValue column, String parameter, SqlType parameterType) {

    /** The key of a row's value, or null for NULL. */
    public @Nullable String keyOfRow(@Nullable Object[] row) {
        Object stored = row[column.index()];
        if (stored == null) {
            return null;
        }
        SqlType type = column.type();
        if (type.isEqualAsText()) {
            return stored instanceof String text ? text : Values.text(type, Values.read(type, stored));
        }
        return Values.key(type, Values.read(type, stored));
    }

    /** The key of a parameter's value, or null for NULL. @throws WhereException if the text is not of the type */
    public @Nullable String keyOfParameter(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            Object value = Values.parse(parameterType, text);
            return parameterType.isEqualAsText() ? Values.text(parameterType, value) : Values.key(parameterType, value);
        } catch (EvaluationException e) {
            throw WhereException.at(1, "parameter " + parameter + ": " + Objects.toString(e.getMessage()));
        }
    }
}
