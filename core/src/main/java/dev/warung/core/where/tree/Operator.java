package dev.warung.core.where.tree;

import dev.warung.core.where.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator, a function or a cast does with values of certain types.
 *
 * @param parameters one or two types
 * @param strictness strict: NULL in gives NULL out, without a call
 * @param volatility stable: PostgreSQL computes it only when a row is there, so an error comes then and not before
 */
public record Operator(
        String name,
        List<SqlType> parameters,
        SqlType result,
        Strictness strictness,
        Volatility volatility,
        Body body) {

    public enum Strictness {
        STRICT,
        TAKES_NULL
    }

    public enum Volatility {
        IMMUTABLE,
        STABLE
    }

    /** The computation; of one operand it gets the same value twice. */
    @FunctionalInterface
    public interface Body {
        @Nullable
        Object apply(@Nullable Object left, @Nullable Object right);
    }

    public Operator {
        parameters = List.copyOf(parameters);
    }

    boolean isStrict() {
        return strictness == Strictness.STRICT;
    }

    boolean isImmutable() {
        return volatility == Volatility.IMMUTABLE;
    }
}
