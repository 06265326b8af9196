package dev.warung.replicator.backup;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.sqlite.SQLiteConfig;

/** A replica's file on disk: how it is created, opened, examined and set aside. */
public final class ReplicaFile {

    /** "WRNG": SQLite's own mark of which application a file belongs to. */
    private static final int APPLICATION_ID = 0x57524E47;

    /** Bounds the page cache; what a big transaction changes beyond it spills into the WAL file. */
    private static final int CACHE_KIB = 16 * 1024;

    private static final int CHECKPOINT_PAGES = 4_000;
    private static final long WAL_KEEP_BYTES = 64L << 20;
    static final int BUSY_TIMEOUT_MS = 15_000;
    private static final List<String> COMPANIONS = List.of("-wal", "-shm", "-journal");

    private ReplicaFile() {}

    /** Creates an empty file that only its owner may read, if there is none. */
    public static void create(Path file) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(file);
            }
        } catch (FileAlreadyExistsException e) {
            restrict(file);
        } catch (IOException e) {
            throw new PipelineException(ErrorCode.REPLICA_DISK, "Cannot create " + file + ": " + e + ".", e);
        }
    }

    /** Opens the file for the one writer: WAL, bounded cache, transactions begun by the first statement. */
    static Connection openForWriting(Path file) {
        try {
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file, immediate());
            Sqlite.execute(
                    connection,
                    "PRAGMA busy_timeout=" + BUSY_TIMEOUT_MS,
                    "PRAGMA trusted_schema=OFF",
                    "PRAGMA cell_size_check=ON",
                    "PRAGMA journal_mode=WAL",
                    "PRAGMA synchronous=NORMAL",
                    "PRAGMA cache_size=-" + CACHE_KIB,
                    "PRAGMA wal_autocheckpoint=" + CHECKPOINT_PAGES,
                    "PRAGMA journal_size_limit=" + WAL_KEEP_BYTES);
            if (Sqlite.number(connection, "SELECT count(*) FROM sqlite_master") == 0) {
                Sqlite.execute(connection, "PRAGMA application_id=" + APPLICATION_ID);
            }
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot open " + file);
        }
    }

    /** A writer takes the write lock when it begins, since an upgrade from reading cannot wait for another writer. */
    private static Properties immediate() {
        SQLiteConfig config = new SQLiteConfig();
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        return config.toProperties();
    }

    /**
     * Examines the file's structure.
     *
     * @throws PipelineException REPLICA_DAMAGED if it is damaged or not a replica of this program
     */
    static void examine(Connection connection, Path file) {
        if (Sqlite.number(connection, "PRAGMA application_id") != APPLICATION_ID) {
            throw new PipelineException(ErrorCode.REPLICA_DAMAGED, file + " is not a backup made by this program.");
        }
        String verdict = Sqlite.texts(connection, "PRAGMA quick_check(1)").get(0);
        if (!verdict.equals("ok")) {
            throw new PipelineException(ErrorCode.REPLICA_DAMAGED, file + ": " + verdict + ".");
        }
    }

    /** Renames a damaged file, with its companions, so that it can be looked at later; returns its new name. */
    public static Path setAside(Path file) {
        int n = 1;
        while (Files.exists(beside(file, ".damaged-" + n))) {
            n++;
        }
        Path aside = beside(file, ".damaged-" + n);
        move(file, aside);
        COMPANIONS.forEach(c -> move(beside(file, c), beside(aside, c)));
        return aside;
    }

    /** Deletes a file and its companions, if they exist. */
    public static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
            for (String companion : COMPANIONS) {
                Files.deleteIfExists(beside(file, companion));
            }
        } catch (IOException e) {
            throw new PipelineException(ErrorCode.REPLICA_DISK, "Cannot delete " + file + ": " + e + ".", e);
        }
    }

    /** A file next to this one, its name extended. */
    public static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /** What identifies the file itself, whatever its name; to notice that somebody deleted or replaced it. */
    static String identity(Path file) {
        try {
            return String.valueOf(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            throw new PipelineException(ErrorCode.REPLICA_DAMAGED, file + " is gone: " + e + ".", e);
        }
    }

    static long walBytes(Path file) {
        try {
            Path wal = beside(file, "-wal");
            return Files.exists(wal) ? Files.size(wal) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private static void restrict(Path file) {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        try {
            if (!Files.getPosixFilePermissions(file).equals(PosixFilePermissions.fromString("rw-------"))) {
                Files.setPosixFilePermissions(file, Set.copyOf(PosixFilePermissions.fromString("rw-------")));
            }
        } catch (IOException e) {
            throw new PipelineException(ErrorCode.REPLICA_DISK, "Cannot restrict " + file + ": " + e + ".", e);
        }
    }

    private static void move(Path from, Path to) {
        try {
            if (Files.exists(from)) {
                Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new PipelineException(ErrorCode.REPLICA_DISK, "Cannot move " + from + ": " + e + ".", e);
        }
    }
}
