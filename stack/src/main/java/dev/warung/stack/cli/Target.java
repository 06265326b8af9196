package dev.warung.stack.cli;

import dev.warung.stack.pipeline.RoleClient;
import dev.warung.stack.pipeline.RunFile;
import dev.warung.stack.pipeline.StackException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which running pipeline a command asks: one of a data directory, or the URLs of its roles. Flags come first, then the environment, which
 * tells a container where the roles are, then the directories of demo and up.
 */
final class Target {
    static final String CAPTURE_URL = "WARUNG_CAPTURE_URL";
    static final String REPLICATOR_URL = "WARUNG_REPLICATOR_URL";
    static final String INTAKE_URL = "WARUNG_INTAKE_URL";

    private static final List<Path> DEFAULTS = List.of(Path.of(".warung/demo"), Path.of(".warung/up"));

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "data directory of a running demo or up (default .warung/demo, then .warung/up)")
    private @Nullable Path directory;

    @Option(
            names = "--capture-url",
            paramLabel = "URL",
            description = "of a capture that was started by itself; or " + CAPTURE_URL)
    private @Nullable String captureUrl;

    @Option(
            names = "--replicator-url",
            paramLabel = "URL",
            description = "of a replicator that was started by itself; or " + REPLICATOR_URL)
    private @Nullable String replicatorUrl;

    @Option(
            names = "--intake-url",
            paramLabel = "URL",
            description = "of an intake that was started by itself; or " + INTAKE_URL)
    private @Nullable String intakeUrl;

    private final Map<String, String> environment;

    Target(Map<String, String> environment) {
        this.environment = environment;
    }

    Optional<RoleClient> capture() {
        return isByUrl()
                ? url(captureUrl, CAPTURE_URL).map(RoleClient::new)
                : Optional.of(new RoleClient(run().captureUrl()));
    }

    Optional<RoleClient> replicator() {
        return isByUrl()
                ? url(replicatorUrl, REPLICATOR_URL).map(RoleClient::new)
                : Optional.of(new RoleClient(run().replicatorUrl()));
    }

    Optional<RoleClient> intake() {
        return (isByUrl() ? url(intakeUrl, INTAKE_URL) : Optional.ofNullable(run().intakeUrl())).map(RoleClient::new);
    }

    /** A role without a URL is then one that nobody asks for. */
    private boolean isByUrl() {
        return url(captureUrl, CAPTURE_URL).isPresent()
                || url(replicatorUrl, REPLICATOR_URL).isPresent()
                || url(intakeUrl, INTAKE_URL).isPresent();
    }

    private Optional<String> url(@Nullable String flag, String variable) {
        if (flag != null) {
            return Optional.of(flag);
        }
        boolean isNamedByFlags = directory != null || captureUrl != null || replicatorUrl != null || intakeUrl != null;
        return isNamedByFlags
                ? Optional.empty()
                : Optional.ofNullable(environment.get(variable)).filter(text -> !text.isBlank());
    }

    private RunFile run() {
        List<Path> candidates = directory == null ? DEFAULTS : List.of(directory);
        return candidates.stream()
                .flatMap(path -> RunFile.read(path).stream())
                .findFirst()
                .orElseThrow(() -> new StackException("No pipeline runs on " + candidates
                        + ". Start one with 'warung demo' or 'warung up', name its directory with --data, or give"
                        + " --capture-url, --replicator-url and --intake-url."));
    }
}
