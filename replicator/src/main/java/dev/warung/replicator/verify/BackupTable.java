package dev.warung.replicator.verify;

import dev.warung.core.schema.TableSchema;
import java.util.List;

/**
 * A table that the backup shows, as its catalogue describes it.
 *
 * @param name what SQLite calls it
 * @param columns what SQLite calls the copied columns, in the order of {@link TableSchema#copiedColumns()}
 * @param unverifiable why it need not equal PostgreSQL now (it is being rebuilt …); empty if it must
 */
public record BackupTable(TableSchema schema, String name, List<String> columns, String unverifiable) {

    public BackupTable {
        columns = List.copyOf(columns);
    }
}
