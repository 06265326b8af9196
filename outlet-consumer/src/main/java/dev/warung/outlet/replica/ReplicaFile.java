package dev.warung.outlet.replica;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** An outlet's file: how it is opened and examined. */
final class ReplicaFile {

    /** "WROU": SQLite's own mark of which application a file belongs to. */
    private static final int APPLICATION_ID = 0x57524F55;

    /** Bounds the page cache; what a big transaction changes beyond it spills into the WAL file. */
    private static final int CACHE_KIB = 4 * 1024;

    private static final int CHECKPOINT_PAGES = 2_000;
    private static final long WAL_KEEP_BYTES = 16L << 20;
    static final int BUSY_TIMEOUT_MS = 15_000;

    /** Above this size a file is examined beside its use. */
    private static final long LARGE_BYTES = 16L << 20;

    private ReplicaFile() {}

    static boolean isLarge(Path file) {
        try {
            return Files.size(file) > LARGE_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    /** Opens the file for the one writer of its tables: WAL, bounded cache. */
    static Connection openForWriting(Path file) {
        try {
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            Sqlite.execute(
                    connection,
                    "PRAGMA busy_timeout=" + BUSY_TIMEOUT_MS,
                    "PRAGMA trusted_schema=OFF",
                    "PRAGMA cell_size_check=ON",
                    // A table is replaced by dropping it and renaming another: views of the application need not hold
                    // meanwhile.
                    "PRAGMA legacy_alter_table=ON",
                    "PRAGMA journal_mode=WAL",
                    "PRAGMA synchronous=NORMAL",
                    "PRAGMA cache_size=-" + CACHE_KIB,
                    "PRAGMA wal_autocheckpoint=" + CHECKPOINT_PAGES,
                    "PRAGMA journal_size_limit=" + WAL_KEEP_BYTES);
            if (Sqlite.number(connection, "SELECT count(*) FROM sqlite_master") == 0) {
                Sqlite.execute(connection, "PRAGMA application_id=" + APPLICATION_ID);
            }
            return connection;
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot open " + file);
        }
    }

    /** Opens the file as an application does, for a transaction that must be durable. */
    static Connection openAsApplication(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Sqlite.execute(
                connection,
                "PRAGMA busy_timeout=" + BUSY_TIMEOUT_MS,
                "PRAGMA trusted_schema=OFF",
                "PRAGMA synchronous=FULL");
        return connection;
    }

    /**
     * Examines the file's structure.
     *
     * @throws PipelineException REPLICA_DAMAGED if it is damaged or not a file of this program
     */
    static void examine(Connection connection, Path file) {
        if (Sqlite.number(connection, "PRAGMA application_id") != APPLICATION_ID) {
            throw new PipelineException(ErrorCode.REPLICA_DAMAGED, file + " is not an outlet's file.");
        }
        String verdict = Sqlite.texts(connection, "PRAGMA quick_check(1)").get(0);
        if (!verdict.equals("ok")) {
            throw new PipelineException(ErrorCode.REPLICA_DAMAGED, file + ": " + verdict + ".");
        }
    }
}
