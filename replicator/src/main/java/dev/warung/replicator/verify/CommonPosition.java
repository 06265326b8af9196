package dev.warung.replicator.verify;

import dev.warung.core.change.Lsn;
import java.sql.SQLException;

/**
 * Both databases at one commit position.
 *
 * @param position the snapshot's consistent point: both sides show exactly the transactions that committed before it
 */
record CommonPosition(Lsn position, SourceSnapshot source, BackupSnapshot backup) implements AutoCloseable {

    @Override
    public void close() throws SQLException {
        try (source) {
            backup.close();
        }
    }
}
