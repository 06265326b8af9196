package dev.warung.core.where.tree;

import dev.warung.core.where.type.SqlType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value that is the same for all rows; null is NULL. */
public record Constant(SqlType type, @Nullable Object value) implements Leaf {

    public static final Constant TRUE = new Constant(SqlType.BOOL, true);
    public static final Constant FALSE = new Constant(SqlType.BOOL, false);

    public static Constant of(boolean truth) {
        return truth ? TRUE : FALSE;
    }

    /** Empty for NULL, and for what is not boolean. */
    Optional<Boolean> asTruth() {
        return value instanceof Boolean truth ? Optional.of(truth) : Optional.empty();
    }

    @Override
    public @Nullable Object evaluate(@Nullable Object[] row, InnerSets sets) {
        return value;
    }
}
