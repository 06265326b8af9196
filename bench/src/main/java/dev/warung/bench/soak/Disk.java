package dev.warung.bench.soak;

import dev.warung.bench.measure.BenchException;
import dev.warung.embedded.HeldChange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A directory with a file system of its own, of fixed size, that can be filled, slowed and stalled: ext4 in a file on a loop device, or a
 * small tmpfs that can only be filled, or, where neither may be mounted, a plain directory that nothing can be done to.
 *
 * <p>It is unmounted when this JVM ends, however that happens.
 */
final class Disk implements AutoCloseable {
    private static final long LOOP_BYTES = 12L << 30;
    private static final long TMPFS_BYTES = 2L << 30;
    /** Throttling of cgroup v1, by device; version 2 has none for the root group. */
    private static final Path THROTTLE = Path.of("/sys/fs/cgroup/blkio/blkio.throttle.write_iops_device");

    private static final String FILLER = "filler";
    private static final long COMMAND_SECONDS = 60;

    /** What can be done to a disk. */
    enum Trouble {
        FULL,
        SLOW,
        STALLED
    }

    private final Path directory;
    private final @Nullable HeldChange mount;
    private final Optional<String> device;
    private final Set<Trouble> possible;

    private Disk(Path directory, @Nullable HeldChange mount, Optional<String> device, Set<Trouble> possible) {
        this.directory = directory;
        this.mount = mount;
        this.device = device;
        this.possible = possible;
    }

    /** Makes the directory, on the best disk that this machine allows. */
    static Disk create(Path directory) {
        try {
            Files.createDirectories(directory);
            return loop(directory);
        } catch (IllegalStateException | IOException noLoop) {
            return tmpfs(directory);
        }
    }

    private static Disk loop(Path directory) throws IOException {
        Path image = directory.resolveSibling(directory.getFileName() + ".img");
        HeldChange mount = HeldChange.make(
                "truncate -s " + LOOP_BYTES + " \"$0\" && mkfs.ext4 -q -F -m 0 \"$0\" && mount -o loop \"$0\" \"$1\"",
                "umount -l \"$1\"",
                image.toString(),
                directory.toString());
        Set<Trouble> possible = EnumSet.noneOf(Trouble.class);
        if (succeeds("command -v fallocate")) {
            possible.add(Trouble.FULL);
        }
        if (succeeds("command -v fsfreeze")) {
            possible.add(Trouble.STALLED);
        }
        Optional<String> device = deviceOf(directory);
        if (device.isPresent() && Files.isWritable(THROTTLE)) {
            possible.add(Trouble.SLOW);
        }
        return new Disk(directory, mount, device, possible);
    }

    private static Disk tmpfs(Path directory) {
        try {
            HeldChange mount = HeldChange.make(
                    "mount -t tmpfs -o size=" + TMPFS_BYTES + " tmpfs \"$0\"",
                    "umount -l \"$0\"",
                    directory.toString());
            return new Disk(directory, mount, Optional.empty(), EnumSet.of(Trouble.FULL));
        } catch (IllegalStateException notAllowed) {
            return new Disk(directory, null, Optional.empty(), EnumSet.noneOf(Trouble.class));
        }
    }

    /** The device's number as {@code major:minor}, from the kernel's list of mounts. */
    private static Optional<String> deviceOf(Path directory) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .map(line -> line.split(" ", -1))
                .filter(fields -> fields[4].equals(directory.toString()))
                .map(fields -> fields[2])
                .findFirst();
    }

    private static boolean succeeds(String command) {
        try {
            Process process = new ProcessBuilder("sh", "-c", command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    Path directory() {
        return directory;
    }

    /** What this machine allows to be done to it. */
    boolean allows(Trouble trouble) {
        return possible.contains(trouble);
    }

    /** Begins a trouble; closing what is returned ends it. */
    AutoCloseable begin(Trouble trouble, int writesASecond) {
        return switch (trouble) {
            case FULL -> fill();
            case SLOW ->
                HeldChange.make(
                        "echo \"$0 " + writesASecond + "\" > " + THROTTLE,
                        "echo \"$0 0\" > " + THROTTLE,
                        device.orElseThrow());
            case STALLED -> HeldChange.make("fsfreeze -f \"$0\"", "fsfreeze -u \"$0\"", directory.toString());
        };
    }

    /** Takes all room there is; closing gives it back. */
    private AutoCloseable fill() {
        Path filler = directory.resolve(FILLER);
        try {
            long room = Files.getFileStore(directory).getUsableSpace();
            long step = Long.highestOneBit(Math.max(1, room));
            long taken = 0;
            while (step >= 1024) {
                if (succeeds("fallocate -o " + taken + " -l " + step + " '" + filler + "'")) {
                    taken += step;
                } else {
                    step /= 2;
                }
            }
            if (taken == 0) {
                throw new BenchException("cannot fill " + directory);
            }
            return () -> Files.deleteIfExists(filler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (mount != null) {
            mount.close();
        }
    }
}
