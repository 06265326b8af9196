package dev.warung.core.wire;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import org.jspecify.annotations.Nullable;

/** A record of a shape topic. Its change id stands in the header {@link Headers#ID}. */
public sealed interface ShapeRecord {

    /**
     * A row that the shape holds now.
     *
     * @param table its place in {@link ShapeSchema#tables()}
     * @param values in the order of the table's columns: Long, Double, String, byte[] or null
     */
    @SuppressWarnings("ArrayRecordComponent") // a row of the hot path: never compared, never a map key
    record Row(int table, @Nullable Object[] values) implements ShapeRecord {}

    /**
     * A row that the shape does not hold any more: deleted, or gone elsewhere, which is not told.
     *
     * @param key in key order
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Gone(int table, Object[] key) implements ShapeRecord {}

    /** The shape holds no row of the table any more. */
    record Truncate(int table) implements ShapeRecord {}

    /** The first record of the topic. */
    record Description(ShapeSchema schema) implements ShapeRecord {}

    /**
     * Here the shape holds exactly the rows that PostgreSQL had after a commit. Before the first such mark the shape is not complete.
     *
     * @param id of the transaction's end
     * @param committedAtUs microseconds since 1970, PostgreSQL's clock; 0 if the mark only ends the first filling of the shape
     */
    record End(ChangeId id, Lsn commit, long committedAtUs) implements ShapeRecord {}
}
