package dev.warung.stack.cli;

import dev.warung.stack.pipeline.RoleClient;
import dev.warung.stack.pipeline.RunFile;
import dev.warung.stack.pipeline.StackException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which running pipeline a command asks: one of a data directory, or the URLs of its roles. */
final class Target {
    private static final List<Path> DEFAULTS = List.of(Path.of(".warung/demo"), Path.of(".warung/up"));

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "data directory of a running demo or up (default .warung/demo, then .warung/up)")
    private @Nullable Path directory;

    @Option(names = "--capture-url", paramLabel = "URL", description = "of a capture that was started by itself")
    private @Nullable String captureUrl;

    @Option(names = "--replicator-url", paramLabel = "URL", description = "of a replicator that was started by itself")
    private @Nullable String replicatorUrl;

    Optional<RoleClient> capture() {
        if (captureUrl != null) {
            return Optional.of(new RoleClient(captureUrl));
        }
        return replicatorUrl == null ? Optional.of(new RoleClient(run().captureUrl())) : Optional.empty();
    }

    Optional<RoleClient> replicator() {
        if (replicatorUrl != null) {
            return Optional.of(new RoleClient(replicatorUrl));
        }
        return captureUrl == null ? Optional.of(new RoleClient(run().replicatorUrl())) : Optional.empty();
    }

    private RunFile run() {
        List<Path> candidates = directory == null ? DEFAULTS : List.of(directory);
        return candidates.stream()
                .flatMap(path -> RunFile.read(path).stream())
                .findFirst()
                .orElseThrow(() -> new StackException("No pipeline runs on " + candidates
                        + ". Start one with 'warung demo' or 'warung up', name its directory with --data, or give"
                        + " --capture-url and --replicator-url."));
    }
}
