package dev.warung.embedded;

/**
 * A process that the kernel has stopped (SIGSTOP). When this JVM is gone, even killed, the process runs on, so that it notices and
 * ends.
 */
public final class Pause implements AutoCloseable {
    /**
     * The kernel stops a process's threads one after the other, some time after the signal was sent: with /proc, waits until none of
     * them runs.
     */
    private static final String STOP = """
            {
                kill -STOP "$0" || exit 1
                tries=0
                while cat /proc/"$0"/task/*/stat 2>/dev/null | grep -qv ') [TtZX] '; do
                    tries=$((tries + 1))
                    [ "$tries" -lt 500 ] || { kill -CONT "$0"; echo "still runs 10 s after SIGSTOP"; exit 1; }
                    sleep 0.02
                done
            }""";

    private static final String CONTINUE = "kill -CONT \"$0\"";

    private final HeldChange stopped;

    private Pause(HeldChange stopped) {
        this.stopped = stopped;
    }

    /**
     * Returns when the process is stopped.
     *
     * @throws IllegalStateException if there is no such process, or the kernel does not stop it within 10 s (it waits for a disk)
     */
    public static Pause of(long pid) {
        return new Pause(HeldChange.make(STOP, CONTINUE, Long.toString(pid)));
    }

    /** Lets the process run on; returns when it does. */
    @Override
    public void close() {
        stopped.close();
    }
}
