package dev.warung.stack.demo;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Lets Ctrl-C (or SIGTERM) end a program in order: the JVM waits until the program has finished, and exits with the program's own
 * code.
 */
public final class Ending {
    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::onShutdown, "ending");

    private Ending() {}

    /** Runs the program and exits with its code; the program should end soon after {@link #isRequested()}. */
    public static int run(Program program) {
        Ending ending = new Ending();
        Runtime.getRuntime().addShutdownHook(ending.hook);
        return ending.finish(() -> program.run(ending));
    }

    /** What runs until it ends or is asked to. */
    @FunctionalInterface
    public interface Program {
        int run(Ending ending);
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
            finished.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
}
