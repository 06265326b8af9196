package dev.warung.core.replica;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** A replica's file and its companions on disk: how they are created, set aside and deleted. */
public final class ReplicaFiles {

    private static final List<String> COMPANIONS = List.of("-wal", "-shm", "-journal");

    private ReplicaFiles() {}

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
    public static String identity(Path file) {
        try {
            return String.valueOf(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            throw new PipelineException(ErrorCode.REPLICA_DAMAGED, file + " is gone: " + e + ".", e);
        }
    }

    public static long walBytes(Path file) {
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
