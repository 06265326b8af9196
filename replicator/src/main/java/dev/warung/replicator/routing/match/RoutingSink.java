package dev.warung.replicator.routing.match;

import org.jspecify.annotations.Nullable;

/**
 * Told what a change does to instances; of one instance and row at most once a change.
 *
 * <p>The row given is the same object for all instances that one row touches, in the order of the table's copied columns. It is mostly the
 * row that changed; after a change of a table that a sub-select reads it is a row of the table that moves.
 */
public interface RoutingSink {

    /** A row that was not in the instance is in it now. {@code table} is its number in the shape. */
    void enters(ShapeInstance instance, int table, @Nullable Object[] row);

    /** A row of the instance has new values in selected columns. */
    void stays(ShapeInstance instance, int table, @Nullable Object[] row);

    /** A row is in the instance no more. {@code row} is as it was; of it only the key may be sent. */
    void leaves(ShapeInstance instance, int table, @Nullable Object[] row);

    /** The instance holds no row of the table any more. */
    void truncated(ShapeInstance instance, int table);
}
