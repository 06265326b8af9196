package dev.warung.capture.copy;

import dev.warung.capture.history.TableShape;
import dev.warung.core.change.Lsn;
import dev.warung.core.schema.TableSchema;
import java.util.List;
import java.util.Map;

/**
 * A fresh slot with its exported snapshot: all tables as of one commit position. Closing it gives the snapshot up, not the slot.
 *
 * <p>Order of use: {@link #tables}, then {@link #copy}, then the stream is read from {@link #consistentPoint} on.
 */
public interface InitialCopy extends AutoCloseable {

    /** The slot's consistent point: every commit before it is in the snapshot, none after. */
    Lsn consistentPoint();

    /** Every table that the publication should have, refused ones too, as of the snapshot. */
    List<TableShape> tables();

    /**
     * Copies all rows, tables and ranges in parallel.
     *
     * @param schemas for each oid of a table that is not refused, what its rows are written under
     */
    void copy(Map<Long, TableSchema> schemas, CopySink sink) throws InterruptedException;

    @Override
    void close();
}
