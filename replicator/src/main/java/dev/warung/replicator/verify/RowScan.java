package dev.warung.replicator.verify;

import java.sql.SQLException;

/** Reads all rows of a table on one side, in any order. */
interface RowScan {

    /** Encodes each row and shows it; may be called several times and shows the same rows each time. */
    void each(RowVisitor visitor) throws SQLException;

    /** Makes a running {@link #each} fail soon; from any thread. */
    void cancel();

    /** Looks at one row. */
    interface RowVisitor {

        /** @param row valid during the call; its key is hashed already */
        void row(RowEncoder row);
    }
}
