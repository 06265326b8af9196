package dev.warung.stack.pipeline;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Servers and roles on one data directory. */
public final class Stack implements AutoCloseable {
    private final StackOptions options;
    private final DirectoryLock lock;
    private final Servers servers;
    private @Nullable Roles roles;

    private Stack(StackOptions options, DirectoryLock lock, Servers servers) {
        this.options = options;
        this.lock = lock;
        this.servers = servers;
    }

    /** Starts the servers; {@link #startRoles()} follows when the database is as it should be. */
    public static Stack startServers(StackOptions options, Consumer<String> progress) {
        DirectoryLock lock = DirectoryLock.take(options.directory());
        try {
            return new Stack(options, lock, Servers.start(options, progress));
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    public Roles startRoles() {
        Roles started = Roles.start(options, servers);
        roles = started;
        writeRunFile(started);
        return started;
    }

    /**
     * Starts intake beside the other roles, which run already.
     *
     * @param more settings as flags
     */
    public RoleClient startIntake(String... more) {
        Roles started = roles;
        if (started == null) {
            throw new IllegalStateException("intake is the last role to start");
        }
        RoleClient intake = started.startIntake(options, servers, List.of(more));
        writeRunFile(started);
        return intake;
    }

    private void writeRunFile(Roles started) {
        new RunFile(
                        ProcessHandle.current().pid(),
                        servers.postgres().toString(),
                        servers.kafka(),
                        started.capture().url(),
                        started.replicator().url(),
                        started.intake().map(RoleClient::url).orElse(null),
                        backup().toString(),
                        options.prefix())
                .write(options.directory());
    }

    public Servers servers() {
        return servers;
    }

    public Path backup() {
        return Roles.backup(options.directory());
    }

    public Path directory() {
        return options.directory();
    }

    /** What has ended although nobody asked it to. */
    public Optional<String> failure() {
        Roles started = roles;
        Optional<String> failure = started == null ? Optional.empty() : started.failure();
        return failure.or(servers::failure);
    }

    @Override
    public void close() {
        RunFile.delete(options.directory());
        Roles started = roles;
        if (started != null) {
            started.close();
        }
        servers.close();
        lock.close();
    }
}
