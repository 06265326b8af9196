package dev.warung.testkit.pipeline;

import dev.warung.core.shape.Enrolment;
import dev.warung.core.wire.EnrolmentCodec;
import dev.warung.embedded.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** An outlet as a process of its own: a directory with its enrolment, its file and its log. */
public final class OutletProcess implements AutoCloseable {

    private static final List<String> JVM =
            List.of("-Xmx48m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dwarung.log.level=INFO");

    private final Path directory;
    private final RoleProcess process;

    private OutletProcess(Path directory, RoleProcess process) {
        this.directory = directory;
        this.process = process;
    }

    static OutletProcess of(Enrolment enrolment, Path directory, Path javaHome) {
        Path file = directory.resolve("enrolment.json");
        try {
            Files.createDirectories(directory);
            Files.writeString(file, EnrolmentCodec.encode(enrolment));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        JavaProcess.Spec spec = JavaProcess.Spec.of("dev.warung.outlet.OutletMain", directory.resolve("outlet.log"))
                .withJvm(JavaProcess.Jvm.current().withHome(javaHome))
                .withJvmOptions(JVM.toArray(String[]::new))
                .withArgs(
                        "--enrol", file.toString(), "--file", replica(directory).toString());
        return new OutletProcess(directory, new RoleProcess(enrolment.code(), spec));
    }

    private static Path replica(Path directory) {
        return directory.resolve("outlet.db");
    }

    /** What it says of itself, and how to start and stop it. */
    public RoleProcess role() {
        return process;
    }

    /** Its SQLite file. */
    public Path file() {
        return replica(directory);
    }

    public Path directory() {
        return directory;
    }

    /** Removes the SQLite file with what belongs to it; the process must not run. */
    public void deleteFile() {
        for (String suffix : List.of("", "-wal", "-shm")) {
            try {
                Files.deleteIfExists(Path.of(file() + suffix));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Ends it and removes its directory. */
    public void throwAway() {
        process.process().kill();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
