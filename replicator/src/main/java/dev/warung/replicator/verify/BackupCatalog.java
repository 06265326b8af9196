package dev.warung.replicator.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Reads what tables a backup shows. */
public interface BackupCatalog {

    /** @param snapshot a connection to the backup, inside a read transaction */
    List<BackupTable> read(Connection snapshot) throws SQLException;
}
