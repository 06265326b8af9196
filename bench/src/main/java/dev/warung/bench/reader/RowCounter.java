package dev.warung.bench.reader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How many rows a reader has had, in a file that two processes map: counting costs the reader a store to memory, and looking costs it
 * nothing.
 *
 * <p>Thread: one adds, any may look.
 */
public final class RowCounter {
    private final MappedByteBuffer memory;
    private long rows;

    public RowCounter(Path file) {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            this.memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot map " + file, e);
        }
    }

    void add(long more) {
        rows += more;
        memory.putLong(0, rows);
    }

    public long rows() {
        return memory.getLong(0);
    }
}
