package dev.warung.core.replica;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The right to write a replica's file: held by at most one process, given back by the operating system when it dies. The lock is on a
 * file of its own, since SQLite's own locks would be lost whenever this process closed any handle of the database file.
 */
public final class WriterLock implements AutoCloseable {

    private final FileChannel channel;

    private WriterLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws PipelineException REPLICA_IN_USE if another process, or another part of this one, holds it */
    public static WriterLock take(Path file) {
        Path lockFile = ReplicaFiles.beside(file, ".lock");
        ReplicaFiles.create(lockFile);
        try {
            FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new PipelineException(ErrorCode.REPLICA_IN_USE, file + " is locked by another process.");
            }
            return new WriterLock(channel);
        } catch (IOException e) {
            throw new PipelineException(ErrorCode.REPLICA_DISK, "Cannot lock " + lockFile + ": " + e + ".", e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new PipelineException(ErrorCode.REPLICA_DISK, "Cannot release the lock: " + e + ".", e);
        }
    }
}
