package dev.warung.core.where.tree;

import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.where.type.SqlType;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A part of a checked clause. It never changes; any thread may evaluate it.
 *
 * <p>A row is an array in the order of {@code TableSchema.copiedColumns()}; each value is PostgreSQL's canonical text or the
 * object that SQLite stores for it (Long, Double, byte[]), null for NULL.
 */
public sealed interface Expression permits Leaf, Unary, Binary, Logic, Test, Choice, Construction, Fast {

    SqlType type();

    /**
     * The value on a row, null for NULL.
     *
     * @throws EvaluationException where PostgreSQL raises an error
     */
    @Nullable
    Object evaluate(@Nullable Object[] row, InnerSets sets);

    /** The parts that it is made of, from left to right. */
    List<Expression> operands();

    /** The same with other parts, as many as {@link #operands()} and of their types. */
    Expression with(List<Expression> operands);

    /** This and everything below it. */
    default Stream<Expression> all() {
        return Stream.concat(Stream.of(this), operands().stream().flatMap(Expression::all));
    }

    /** The value as a truth value: true, false or null. */
    default @Nullable Boolean truth(@Nullable Object[] row, InnerSets sets) {
        return (Boolean) evaluate(row, sets);
    }
}
