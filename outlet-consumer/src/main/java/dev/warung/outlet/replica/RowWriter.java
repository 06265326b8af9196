package dev.warung.outlet.replica;

import dev.warung.core.change.ChangeId;
import org.jspecify.annotations.Nullable;

/**
 * Writes what one feed says about the rows of one table.
 *
 * <p>Guarantees: rows take effect in the order in which they were given, at the latest with {@link #flush}.
 */
interface RowWriter extends AutoCloseable {

    /** The feed holds the row, with these values. */
    void hold(@Nullable Object[] values, ChangeId id);

    /** The feed does not hold the row with this key any more. */
    void leave(Object[] key, ChangeId id);

    /** The feed holds no row any more. */
    void leaveAll();

    void flush();

    @Override
    void close();
}
