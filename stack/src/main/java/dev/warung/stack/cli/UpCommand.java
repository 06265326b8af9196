package dev.warung.stack.cli;

import dev.warung.core.runtime.Ending;
import dev.warung.core.runtime.PostgresUrl;
import dev.warung.stack.pipeline.RoleClient;
import dev.warung.stack.pipeline.Roles;
import dev.warung.stack.pipeline.Stack;
import dev.warung.stack.pipeline.StackException;
import dev.warung.stack.pipeline.StackOptions;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code warung up}. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Runs capture, replicator and intake until it is stopped, on embedded servers or on yours.",
            "The password of PostgreSQL may also stand in WARUNG_POSTGRES_URL instead of --postgres."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:stopped", "1:a process failed", "2:wrong usage"})
final class UpCommand implements Callable<Integer> {
    private static final Duration END_LIMIT = Duration.ofMinutes(2);
    private static final long CHECK_MS = 1_000;

    @Option(
            names = "--postgres",
            paramLabel = "URL",
            defaultValue = "${env:WARUNG_POSTGRES_URL}",
            description = "postgresql://user@host:5432/database, instead of an embedded PostgreSQL 18")
    private @Nullable String postgres;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:WARUNG_KAFKA}",
            description = "instead of an embedded Kafka")
    private @Nullable String kafka;

    @Option(
            names = "--prefix",
            paramLabel = "NAME",
            defaultValue = "warung",
            description = "of topics, slot and publication (default ${DEFAULT-VALUE})")
    private String prefix = "warung";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".warung/up",
            description = "where backup, logs and embedded servers are kept (default ${DEFAULT-VALUE})")
    private Path directory = Path.of(".warung/up");

    @Override
    public Integer call() {
        Optional<String> url = Optional.ofNullable(postgres).filter(text -> !text.isBlank());
        url.ifPresent(UpCommand::check);
        StackOptions options =
                new StackOptions(directory, url, Optional.ofNullable(kafka).filter(text -> !text.isBlank()), prefix);
        return Ending.run(END_LIMIT, ending -> run(options, System.out, ending));
    }

    private static void check(String url) {
        try {
            PostgresUrl.parse(url);
        } catch (IllegalArgumentException e) {
            throw new StackException(
                    "--postgres is not a PostgreSQL URL. Write it as postgresql://user@host:5432/database.", e);
        }
    }

    private static int run(StackOptions options, PrintStream out, Ending ending) {
        out.println("Data directory " + options.directory());
        try (Stack stack = Stack.startServers(options, out::println)) {
            Roles roles = stack.startRoles();
            RoleClient intake = stack.startIntake();
            out.println("capture answers at " + roles.capture().url() + ", replicator at "
                    + roles.replicator().url() + ", intake at " + intake.url());
            out.println("PostgreSQL " + stack.servers().postgres() + ", Kafka "
                    + stack.servers().kafka() + ", backup " + stack.backup());
            stack.servers()
                    .passwordFile()
                    .ifPresent(file -> out.println("Look in with: PGPASSWORD=$(cat " + file + ") psql "
                            + stack.servers().postgres()));
            out.println("Ask with: warung status --data " + options.directory());
            while (!ending.awaitRequest(CHECK_MS)) {
                stack.failure().ifPresent(failure -> {
                    throw new StackException(failure);
                });
            }
            out.println("Stopping");
        }
        return 0;
    }
}
