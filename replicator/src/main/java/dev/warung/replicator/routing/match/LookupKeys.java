package dev.warung.replicator.routing.match;

import dev.warung.core.where.type.SqlType;
import dev.warung.core.where.type.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Objects that are equal where PostgreSQL's {@code =} says so, to look values up by hash. */
final class LookupKeys {

    /** The key of no value at all: of a clause without parameters. */
    static final Object NONE = List.of();

    private LookupKeys() {}

    /** The key of a value in memory; integers of all sizes share theirs. */
    static Object of(SqlType type, Object value) {
        return switch (type.kind()) {
            case BOOL, INT2, INT4, INT8, TEXT, VARCHAR, NAME, UUID, ENUM, BYTEA, DATE, TIME, TIMESTAMP, TIMESTAMPTZ ->
                value;
            default -> Values.key(type, value);
        };
    }

    /** A key that only a value of the very same text has: {@code 1.0} and {@code 1.00} may be told apart by a clause. */
    static Object exactly(SqlType type, Object value) {
        return type.isEqualAsText() ? of(type, value) : Values.text(type, value);
    }

    /** One key of several, in order. */
    static Object tuple(Object[] parts) {
        return switch (parts.length) {
            case 0 -> NONE;
            case 1 -> parts[0];
            default -> List.of(parts);
        };
    }

    /** Whether two rows have the same values at certain positions, as those of a key. */
    static boolean isSameRow(int[] positions, @Nullable Object[] one, @Nullable Object[] other) {
        return Arrays.stream(positions).allMatch(i -> Objects.deepEquals(one[i], other[i]));
    }
}
