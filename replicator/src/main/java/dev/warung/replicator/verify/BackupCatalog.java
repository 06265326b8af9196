package dev.warung.replicator.verify;

import dev.warung.core.change.TableId;
import dev.warung.replicator.backup.VisibleTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Reads what tables a backup has. */
public interface BackupCatalog {

    /** The catalogue inside the file. */
    BackupCatalog OF_FILE = snapshot -> new Tables(VisibleTable.read(snapshot), VisibleTable.beingCopied(snapshot));

    /** @param snapshot a connection to the backup, inside a read transaction */
    Tables read(Connection snapshot) throws SQLException;

    /**
     * The tables.
     *
     * @param copying since when a generation of a table is being copied that is still out of sight
     */
    record Tables(List<VisibleTable> visible, Map<TableId, String> copying) {

        public Tables {
            visible = List.copyOf(visible);
            copying = Map.copyOf(copying);
        }
    }
}
