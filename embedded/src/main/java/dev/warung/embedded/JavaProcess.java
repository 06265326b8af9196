package dev.warung.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A child JVM, with the class path of this one unless told otherwise. It ends when this JVM ends, however that happens.
 *
 * <p>Thread: may be used by several threads.
 */
public final class JavaProcess implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    /**
     * Which Java runs the child, and with which classes.
     *
     * @param home a JDK or JRE
     */
    public record Jvm(Path home, String classPath) {
        /** As this JVM. */
        public static Jvm current() {
            return new Jvm(Path.of(System.getProperty("java.home")), System.getProperty("java.class.path"));
        }

        public Jvm withHome(Path newHome) {
            return new Jvm(newHome, classPath);
        }

        public Jvm withClassPath(String newClassPath) {
            return new Jvm(home, newClassPath);
        }
    }

    /**
     * What to start. Output goes to the end of the log file; {@code jvmOptions} are e.g. {@code -Xmx256m}.
     */
    public record Spec(
            String mainClass,
            List<String> args,
            List<String> jvmOptions,
            Map<String, String> environment,
            Path logFile,
            Jvm jvm) {
        public Spec {
            args = List.copyOf(args);
            jvmOptions = List.copyOf(jvmOptions);
            environment = Map.copyOf(environment);
        }

        public static Spec of(String mainClass, Path logFile) {
            return new Spec(mainClass, List.of(), List.of(), Map.of(), logFile, Jvm.current());
        }

        public Spec withArgs(List<String> newArgs) {
            return new Spec(mainClass, newArgs, jvmOptions, environment, logFile, jvm);
        }

        public Spec withArgs(String... newArgs) {
            return withArgs(List.of(newArgs));
        }

        public Spec withJvmOptions(String... options) {
            return new Spec(mainClass, args, List.of(options), environment, logFile, jvm);
        }

        public Spec withEnvironment(Map<String, String> newEnvironment) {
            return new Spec(mainClass, args, jvmOptions, newEnvironment, logFile, jvm);
        }

        public Spec withJvm(Jvm newJvm) {
            return new Spec(mainClass, args, jvmOptions, environment, logFile, newJvm);
        }
    }

    private final Spec spec;
    private final Process process;
    private final long logStart;

    private JavaProcess(Spec spec, Process process, long logStart) {
        this.spec = spec;
        this.process = process;
        this.logStart = logStart;
    }

    public static JavaProcess start(Spec spec) {
        List<String> command = new ArrayList<>();
        command.add(spec.jvm().home().resolve("bin").resolve("java").toString());
        command.addAll(spec.jvmOptions());
        command.add(marker(spec.logFile()));
        command.add("-cp");
        command.add(spec.jvm().classPath());
        command.add(ChildMain.class.getName());
        command.add(spec.mainClass());
        command.addAll(spec.args());
        try {
            Files.createDirectories(spec.logFile().toAbsolutePath().getParent());
            endPredecessor(spec.logFile());
            long logStart = LogFile.size(spec.logFile());
            ProcessBuilder builder = new ProcessBuilder(Detached.command(command));
            builder.environment().putAll(spec.environment());
            builder.redirectErrorStream(true);
            builder.redirectOutput(
                    ProcessBuilder.Redirect.appendTo(spec.logFile().toFile()));
            Process process = builder.start();
            Files.writeString(pidFile(spec.logFile()), process.pid() + "\n");
            return new JavaProcess(spec, process, logStart);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + spec.mainClass(), e);
        }
    }

    /**
     * Waits for the end of a process with this log that an earlier JVM left behind, and kills it if it stays. Without this, a
     * start right after a kill of the parent would meet its ports and locks.
     */
    static void endPredecessor(Path logFile) throws IOException {
        Path pidFile = pidFile(logFile);
        if (!Files.exists(pidFile)) {
            return;
        }
        String pid = Files.readString(pidFile).trim();
        if (!pid.matches("\\d+")) {
            return;
        }
        String marker = marker(logFile);
        ProcessHandle.of(Long.parseLong(pid))
                .filter(handle ->
                        List.of(handle.info().arguments().orElse(new String[0])).contains(marker))
                .filter(handle -> handle.parent().map(ProcessHandle::pid).orElse(0L)
                        != ProcessHandle.current().pid())
                .ifPresent(JavaProcess::end);
    }

    private static void end(ProcessHandle handle) {
        if (!Await.until(STOP_LIMIT, () -> !handle.isAlive())) {
            handle.destroyForcibly();
            Await.until(STOP_LIMIT, () -> !handle.isAlive());
        }
    }

    private static String marker(Path logFile) {
        return "-Dwarung.log=" + logFile.toAbsolutePath();
    }

    private static Path pidFile(Path logFile) {
        return logFile.resolveSibling(logFile.getFileName() + ".pid");
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** Waits for the end; empty when it did not come in time. */
    public OptionalInt awaitExit(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
                    ? OptionalInt.of(process.exitValue())
                    : OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    /** Waits until this text stands in the output of this process. */
    public void awaitOutput(String text, Duration limit) {
        await("\"" + text + "\" in its output", limit, () -> output().contains(text));
    }

    /** Waits until a GET of this address answers with a 2xx status. */
    public void awaitHttp(URI address, Duration limit) {
        await("an answer of " + address, limit, () -> answers(address));
    }

    private void await(String what, Duration limit, BooleanSupplier condition) {
        boolean ended = !Await.until(limit, () -> condition.getAsBoolean() || !isAlive());
        if (ended || !condition.getAsBoolean()) {
            String state = isAlive() ? "is running" : "ended with exit code " + process.exitValue();
            throw new IllegalStateException(spec.mainClass() + " " + state + " without " + what + "; its log "
                    + spec.logFile() + " ends with:\n" + logTail());
        }
    }

    private static boolean answers(URI address) {
        try {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setConnectTimeout(1_000);
            connection.setReadTimeout(2_000);
            return connection.getResponseCode() / 100 == 2;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** All output since the start of this process. */
    public String output() {
        return LogFile.from(spec.logFile(), logStart);
    }

    public String logTail() {
        return LogFile.tail(spec.logFile());
    }

    public Path logFile() {
        return spec.logFile();
    }

    /** As {@code kill -9}; returns when the process is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitExit(STOP_LIMIT);
    }

    /** Asks it to end (SIGTERM) and kills it when it does not within the limit; true when it ended by itself. */
    public boolean stop(Duration limit) {
        process.destroy();
        boolean ended = awaitExit(limit).isPresent();
        if (!ended) {
            kill();
        }
        return ended;
    }

    /** The same program once more; the old process must have ended. */
    public JavaProcess startAgain() {
        if (isAlive()) {
            throw new IllegalStateException(spec.mainClass() + " is still running");
        }
        return start(spec);
    }

    @Override
    public void close() {
        stop(STOP_LIMIT);
    }
}
