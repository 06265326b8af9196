package dev.warung.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A data directory with the programs that work on it: initdb, and the launch of the postmaster. */
final class PostgresInstallation {
    private static final Duration ORPHAN_LIMIT = Duration.ofSeconds(30);
    private static final Path PROC = Path.of("/proc");
    private static final String SETTINGS_FILE = "warung.conf";

    private final PostgresAccount account;
    private final PostgresBinaries binaries;
    private final Path directory;

    private PostgresInstallation(PostgresAccount account, PostgresBinaries binaries, Path directory) {
        this.account = account;
        this.binaries = binaries;
        this.directory = directory;
    }

    static PostgresInstallation prepare(PostgresOptions options) {
        PostgresAccount account = PostgresAccount.detect();
        PostgresInstallation installation = new PostgresInstallation(
                account,
                PostgresBinaries.unpackedIn(account.cache()),
                options.directory().toAbsolutePath());
        try {
            installation.initialise(options);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + options.directory(), e);
        }
        return installation;
    }

    Path dataDirectory() {
        return directory.resolve("data");
    }

    Path logFile() {
        return directory.resolve("postgres.log");
    }

    Path passwordFile() {
        return directory.resolve("password");
    }

    String password() {
        try {
            return Files.readString(passwordFile()).trim();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** initdb into another name, renamed when complete: an interrupted one is begun anew. */
    private void initialise(PostgresOptions options) throws IOException {
        Files.createDirectories(directory);
        endOrphan();
        if (Files.exists(dataDirectory())) {
            return;
        }
        Path building = directory.resolve("data.building");
        Directories.delete(building);
        Path password = passwordFile();
        Files.deleteIfExists(password);
        Files.createFile(password, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        byte[] random = new byte[12];
        new SecureRandom().nextBytes(random);
        Files.writeString(password, HexFormat.of().formatHex(random) + "\n");
        account.give(directory);
        List<String> command = new ArrayList<>(account.prefix());
        command.addAll(
                List.of(binaries.program("initdb").toString(), "-D", building.toString(), "-U", PostgresServer.USER));
        command.addAll(List.of("-A", "scram-sha-256", "--pwfile=" + password, "-E", "UTF8", "--locale=C"));
        command.addAll(List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
        if (options.deleteOnClose()) {
            command.add("--no-sync");
        }
        run(command);
        Files.writeString(
                building.resolve("postgresql.conf"),
                "\ninclude = '" + SETTINGS_FILE + "'\n",
                StandardOpenOption.APPEND);
        Files.move(building, dataDirectory());
    }

    private void run(List<String> command) throws IOException {
        ProcessBuilder builder = builder(command);
        Process process = builder.start();
        try {
            if (!process.waitFor(3, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("failed: " + String.join(" ", command) + "\n" + LogFile.tail(logFile()));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C");
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
        return builder;
    }

    /** Written at every start; {@code ALTER SYSTEM} wins over it. */
    void writeSettings(Map<String, String> settings) {
        StringBuilder text = new StringBuilder();
        settings.forEach((name, value) -> text.append(name)
                .append(" = '")
                .append(value.replace("'", "''"))
                .append("'\n"));
        try {
            Files.writeString(dataDirectory().resolve(SETTINGS_FILE), text.toString());
            account.give(dataDirectory().resolve(SETTINGS_FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Process launch() {
        endOrphan();
        List<String> command = new ArrayList<>(account.prefix());
        command.add(binaries.program("postgres").toString());
        command.addAll(List.of("-D", dataDirectory().toString()));
        try {
            Files.deleteIfExists(pidFile());
            return builder(Detached.command(command)).start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start PostgreSQL", e);
        }
    }

    /** A shell that waits for the end of this JVM (the end of its stdin) and then shuts the server down. */
    Process watch(long pid) {
        String script = "trap '' HUP; cat >/dev/null; "
                + "if [ \"$(head -n1 \"$1\" 2>/dev/null)\" = \"$2\" ]; then kill -INT \"$2\"; fi";
        try {
            return new ProcessBuilder(Detached.command(
                            List.of("sh", "-c", script, "sh", pidFile().toString(), Long.toString(pid))))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void signal(String name, long pid) {
        try {
            run(List.of("kill", "-" + name, Long.toString(pid)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path pidFile() {
        return dataDirectory().resolve("postmaster.pid");
    }

    /**
     * Ends a server that was left on this data directory. Required before the pid file is deleted: PostgreSQL's own check
     * takes any process with that number for a postmaster and would refuse to start.
     */
    private void endOrphan() {
        orphan().ifPresent(process -> {
            signal("INT", process.pid());
            if (!Await.until(ORPHAN_LIMIT, () -> !process.isAlive())) {
                process.destroyForcibly();
                Await.until(ORPHAN_LIMIT, () -> !process.isAlive());
            }
        });
        List<ProcessHandle> rest =
                ProcessHandle.allProcesses().filter(this::hasDataDirectoryOpen).toList();
        rest.forEach(ProcessHandle::destroyForcibly);
        Await.until(ORPHAN_LIMIT, () -> rest.stream().noneMatch(ProcessHandle::isAlive));
    }

    private Optional<ProcessHandle> orphan() {
        if (!Files.exists(pidFile())) {
            return Optional.empty();
        }
        try {
            String first = Files.readAllLines(pidFile()).stream().findFirst().orElse("");
            return first.matches("\\d+")
                    ? ProcessHandle.of(Long.parseLong(first)).filter(this::isOurServer)
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isOurServer(ProcessHandle process) {
        return Files.isDirectory(PROC) ? hasDataDirectoryOpen(process) : isPostgres(process);
    }

    private boolean isPostgres(ProcessHandle process) {
        Path program = binaries.program("postgres");
        return process.info()
                .command()
                .map(command -> Path.of(command).equals(program))
                .orElse(false);
    }

    /** Every PostgreSQL process has its data directory as working directory. */
    private boolean hasDataDirectoryOpen(ProcessHandle process) {
        if (!isPostgres(process)) {
            return false;
        }
        try {
            Path workingDirectory = Files.readSymbolicLink(PROC.resolve(process.pid() + "/cwd"));
            return workingDirectory.equals(dataDirectory().toRealPath());
        } catch (IOException gone) {
            return false;
        }
    }
}
