package dev.warung.bench.stage;

import dev.warung.bench.measure.BenchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory that each benchmark empties first; one that is not known to be of a benchmark is left alone. */
public final class BenchDirectory {
    /** A file that marks a directory as one that may be emptied. */
    private static final String MARK = "warung-bench";

    private BenchDirectory() {}

    /** @throws BenchException if there is something in it that no benchmark has made */
    public static void prepare(Path directory) {
        try {
            if (Files.exists(directory)) {
                if (!isOursOrEmpty(directory)) {
                    throw new BenchException(
                            directory + " is not empty and not of an earlier benchmark: give another --data.");
                }
                delete(directory);
            }
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(MARK), "This directory is emptied by each run of warung bench.\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOursOrEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return Files.exists(directory.resolve(MARK)) || files.findAny().isEmpty();
        }
    }

    public static void delete(Path directory) {
        try {
            List<Path> files;
            try (Stream<Path> walk = Files.walk(directory)) {
                files = walk.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + directory, e);
        }
    }
}
