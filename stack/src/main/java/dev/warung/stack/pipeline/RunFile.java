package dev.warung.stack.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.warung.core.runtime.PostgresUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a running pipeline can be asked; {@code warung status} and {@code warung verify} read it. It holds no secrets.
 *
 * @param pid of the process that started the pipeline
 * @param postgres its URL without the password
 * @param intakeUrl null where no intake runs
 * @param prefix of the topics
 */
public record RunFile(
        long pid,
        String postgres,
        String kafka,
        String captureUrl,
        String replicatorUrl,
        @Nullable String intakeUrl,
        String backup,
        String prefix) {
    private static final String NAME = "run.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    void write(Path directory) {
        try {
            Path building = directory.resolve(NAME + ".new");
            Files.write(building, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
            Files.move(building, directory.resolve(NAME), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + directory.resolve(NAME), e);
        }
    }

    static void delete(Path directory) {
        try {
            Files.deleteIfExists(directory.resolve(NAME));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** PostgreSQL with the password, if it is the embedded one of this directory: its file is readable for the owner only. */
    public PostgresUrl postgresUrl(Path directory) {
        PostgresUrl url = PostgresUrl.parse(postgres);
        Path password = directory.resolve("postgres").resolve("password");
        if (!Files.exists(password)) {
            return url;
        }
        try {
            return url.withLogin(url.user(), Files.readString(password).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + password, e);
        }
    }

    /** Of the pipeline that runs on this directory; empty when none does. */
    public static Optional<RunFile> read(Path directory) {
        try {
            Path file = directory.resolve(NAME);
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            RunFile run = JSON.readValue(Files.readAllBytes(file), RunFile.class);
            return ProcessHandle.of(run.pid()).isPresent() ? Optional.of(run) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
