package dev.warung.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that the kernel has stopped (SIGSTOP). A shell that reads from this JVM holds the stop: when this JVM is gone, even killed,
 * the shell lets the process run on, so that it notices and ends.
 */
public final class Pause implements AutoCloseable {
    private static final String SCRIPT = "kill -STOP $0 || exit 1; echo stopped; read line; kill -CONT $0";
    private static final long END_SECONDS = 10;

    private final Process shell;

    private Pause(Process shell) {
        this.shell = shell;
    }

    /** Returns when the process is stopped. */
    public static Pause of(long pid) {
        try {
            Process shell = new ProcessBuilder(Detached.command(List.of("sh", "-c", SCRIPT, Long.toString(pid))))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            InputStream output = shell.getInputStream();
            if (output.read() < 0) {
                throw new IllegalStateException("process " + pid + " cannot be stopped");
            }
            return new Pause(shell);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets the process run on; returns when it does. */
    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
            shell.waitFor(END_SECONDS, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
