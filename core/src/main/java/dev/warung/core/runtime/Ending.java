package dev.warung.core.runtime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Lets SIGTERM or Ctrl-C end a program in order: the JVM waits for the program, and exits with the program's own code.
 *
 * <p>A main class must not wait for its thread in a shutdown hook by itself: that thread hangs in {@code System.exit} until the hooks have
 * ended.
 *
 * <p>Thread: any.
 */
public final class Ending {
    private static final Duration ROLE_PATIENCE = Duration.ofSeconds(15);
    private static final int REFUSED = 2;

    private final Duration patience;
    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::onShutdown, "ending");

    private Ending(Duration patience) {
        this.patience = patience;
    }

    /** What runs until it is done, or is asked to end. */
    @FunctionalInterface
    public interface Program {
        int run(Ending ending);
    }

    /**
     * Runs the program on this thread and returns its exit code; if its end was asked for, the JVM ends here.
     *
     * @param patience how long the JVM waits for the program once its end was asked for
     */
    public static int run(Duration patience, Program program) {
        Ending ending = new Ending(patience);
        Runtime.getRuntime().addShutdownHook(ending.hook);
        return ending.finish(() -> program.run(ending));
    }

    /** A role that serves until it is asked to end. */
    @FunctionalInterface
    public interface Service {
        void serve(Ending ending) throws InterruptedException;
    }

    /** Runs a role on this thread and returns its exit code: 0 after a stop, 2 when a person must decide something first. */
    public static int run(Service role) {
        return run(ROLE_PATIENCE, ending -> {
            try {
                role.serve(ending);
                return 0;
            } catch (PipelineException e) {
                System.err.println(e.getMessage());
                return REFUSED;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return 0;
            }
        });
    }

    /** Calls this when the end is asked for, on another thread. */
    public void onRequest(Runnable stop) {
        Thread caller = new Thread(
                () -> {
                    try {
                        requested.await();
                        stop.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "stop");
        caller.setDaemon(true);
        caller.start();
    }

    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Waits that long; true as soon as the end was asked for. */
    public boolean awaitRequest(long millis) {
        try {
            return requested.await(Math.max(0, millis), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private int finish(IntSupplier program) {
        int code = 1;
        try {
            code = program.getAsInt();
            return code;
        } finally {
            if (isRequested()) {
                System.out.flush();
                Runtime.getRuntime().halt(code);
            }
            finished.countDown();
            removeHook();
        }
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            finished.countDown();
        }
    }

    private void onShutdown() {
        requested.countDown();
        try {
            if (!finished.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("The program did not end within " + patience.toSeconds() + " s.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
