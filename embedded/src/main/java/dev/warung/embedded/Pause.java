package dev.warung.embedded;

/**
 * A process that the kernel has stopped (SIGSTOP). When this JVM is gone, even killed, the process runs on, so that it notices and
 * ends.
 */
public final class Pause implements AutoCloseable {
    private final HeldChange stopped;

    private Pause(HeldChange stopped) {
        this.stopped = stopped;
    }

    /** Returns when the process is stopped. */
    public static Pause of(long pid) {
        return new Pause(HeldChange.make("kill -STOP $0", "kill -CONT $0", Long.toString(pid)));
    }

    /** Lets the process run on; returns when it does. */
    @Override
    public void close() {
        stopped.close();
    }
}
