package dev.warung.replicator.routing.match;

import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the replica, for sub-selects: as all changes before the one that is being routed have left them, those not yet flushed too, and
 * without that one. Rows have the order of the copied columns of the given description and the objects that SQLite stores.
 */
public interface ReplicaRows {

    /** For indexes whose shapes have no sub-selects. */
    ReplicaRows NONE = new ReplicaRows() {
        @Override
        public void all(TableSchema table, Consumer<@Nullable Object[]> reader) {
            throw new IllegalStateException("the rows of " + table.id() + " are needed");
        }

        @Override
        public void having(TableSchema table, Column column, Object value, Consumer<@Nullable Object[]> reader) {
            throw new IllegalStateException("the rows of " + table.id() + " are needed");
        }
    };

    /** Gives all rows of a table. */
    void all(TableSchema table, Consumer<@Nullable Object[]> reader);

    /**
     * Gives the rows of a table whose column has a value.
     *
     * @param value Long, String or byte[], as SQLite stores it: {@code column = ?} finds them
     */
    void having(TableSchema table, Column column, Object value, Consumer<@Nullable Object[]> reader);
}
