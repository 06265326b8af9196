package dev.warung.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A change of the machine that lasts until it is closed, or until this JVM is gone, even killed: a shell that reads from this JVM holds
 * it, and undoes it then.
 */
public final class HeldChange implements AutoCloseable {
    private static final long END_SECONDS = 30;

    private final Process shell;

    private HeldChange(Process shell) {
        this.shell = shell;
    }

    /**
     * Returns when the change is made.
     *
     * @param make one shell command; its parameters are {@code $0}, {@code $1} and so on
     * @param undo shell commands with the same parameters
     * @throws IllegalStateException if the change could not be made, with what the shell said
     */
    public static HeldChange make(String make, String undo, String... parameters) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", make + " || exit 1; echo done; read line; " + undo));
        command.addAll(List.of(parameters));
        try {
            Process shell = new ProcessBuilder(Detached.command(command))
                    .redirectErrorStream(true)
                    .start();
            InputStream output = shell.getInputStream();
            StringBuilder said = new StringBuilder();
            int next = output.read();
            while (next >= 0 && !said.append((char) next).toString().endsWith("done\n")) {
                next = output.read();
            }
            if (next < 0) {
                throw new IllegalStateException(make + " with " + List.of(parameters) + " failed: "
                        + said.toString().strip());
            }
            return new HeldChange(shell);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Undoes the change; returns when that is done. */
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
