package dev.warung.replicator.verify;

import dev.warung.core.change.TableId;
import java.util.List;
import java.util.Optional;

/**
 * PostgreSQL's tables as the snapshot sees them.
 *
 * @param tables all ordinary and partitioned tables of users, without the partitions that belong to one
 */
record SourceCatalog(List<SourceTable> tables) {

    SourceCatalog {
        tables = List.copyOf(tables);
    }

    Optional<SourceTable> byOid(long oid) {
        return tables.stream().filter(t -> t.oid() == oid).findFirst();
    }

    /**
     * A table.
     *
     * @param partitioned whether its rows are in partitions
     * @param published whether the publication of capture has it
     * @param estimate PostgreSQL's guess of the number of rows
     */
    record SourceTable(
            TableId id, long oid, boolean partitioned, boolean published, long estimate, List<SourceColumn> columns) {

        SourceTable {
            columns = List.copyOf(columns);
        }

        /** The table in a FROM clause: without inheriting tables, which are tables of their own. */
        String from() {
            return partitioned ? id.quoted() : "ONLY " + id.quoted();
        }

        Optional<SourceColumn> column(int attnum) {
            return columns.stream().filter(c -> c.attnum() == attnum).findFirst();
        }
    }

    /** A column; {@code generated} is PostgreSQL's attgenerated: empty, {@code s} or {@code v}. */
    record SourceColumn(int attnum, String name, String type, String generated) {}
}
