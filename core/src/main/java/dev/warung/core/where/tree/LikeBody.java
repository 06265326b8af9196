package dev.warung.core.where.tree;

import dev.warung.core.schema.Collation;
import dev.warung.core.where.type.LikeMatcher;
import dev.warung.core.where.type.LikePattern;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * LIKE, ILIKE and their negations, of a text and a pattern that are not NULL.
 *
 * @param folding how letters lose their case; empty if case counts
 */
public record LikeBody(Optional<Collation> folding, boolean negated) implements Operator.Body {

    @Override
    public @Nullable Object apply(@Nullable Object left, @Nullable Object right) {
        return LikePattern.matches(folded(Objects.requireNonNull(left)), folded(Objects.requireNonNull(right)))
                != negated;
    }

    String folded(Object text) {
        return folding.isPresent() ? folding.get().lower((String) text) : (String) text;
    }

    /** The pattern made ready for many texts; empty if it cannot be. */
    Optional<LikeMatcher> matcher(Object pattern) {
        return LikeMatcher.of(folded(pattern));
    }
}
