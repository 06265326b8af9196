package dev.warung.stack.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Copies and deletes files and directories, permissions included. */
final class Trees {

    private Trees() {}

    static void copy(Path from, Path to) throws IOException {
        for (Path path : paths(from)) {
            Files.copy(
                    path,
                    to.resolve(from.relativize(path).toString()),
                    StandardCopyOption.COPY_ATTRIBUTES,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    static void delete(Path tree) throws IOException {
        List<Path> all = paths(tree);
        all.sort(Comparator.reverseOrder());
        for (Path path : all) {
            Files.delete(path);
        }
    }

    private static List<Path> paths(Path tree) throws IOException {
        try (Stream<Path> found = Files.walk(tree)) {
            return new ArrayList<>(found.toList());
        }
    }
}
