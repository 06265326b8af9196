package dev.warung.outlet.replica;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for damage in a large file while the outlet goes on: it reads the whole file, and the first rows should not wait for that.
 *
 * <p>Thread: {@link #check} by any; the looking has a thread and a connection of its own.
 */
public final class FileExamination {

    private static final Logger LOG = LoggerFactory.getLogger(FileExamination.class);

    private final AtomicReference<@Nullable PipelineException> damage = new AtomicReference<>();

    private FileExamination() {}

    /** Begins to look; small files were examined when they were opened. */
    public static FileExamination begin(Path file) {
        FileExamination examination = new FileExamination();
        if (ReplicaFile.isLarge(file)) {
            Thread thread = new Thread(() -> examination.look(file), "examination");
            thread.setDaemon(true);
            thread.start();
        }
        return examination;
    }

    /** @throws PipelineException REPLICA_DAMAGED if damage has been found */
    public void check() {
        PipelineException found = damage.get();
        if (found != null) {
            throw found;
        }
    }

    private void look(Path file) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            ReplicaFile.examine(connection, file);
        } catch (PipelineException e) {
            if (e.code() == ErrorCode.REPLICA_DAMAGED) {
                damage.set(e);
            }
        } catch (SQLException e) {
            LOG.warn("{} could not be examined for damage", file, e);
        }
    }
}
