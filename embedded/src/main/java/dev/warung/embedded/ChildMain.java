package dev.warung.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs another main class in a child JVM that ends when its parent is gone: the parent holds the other end of stdin, and
 * the kernel closes it even when the parent was killed.
 */
public final class ChildMain {
    private static final int EXIT_PARENT_GONE = 143;
    private static final long EXIT_LIMIT_SECONDS = 10;

    private ChildMain() {}

    /** Arguments: the main class, then its own arguments. */
    public static void main(String[] args) throws Exception {
        daemon("parent-watch", ChildMain::exitWhenParentIsGone);
        String[] rest = Arrays.copyOfRange(args, 1, args.length);
        try {
            Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            (cause == null ? e : cause).printStackTrace();
            System.exit(1);
        }
    }

    private static void exitWhenParentIsGone() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.err.println("stdin of the parent failed: " + e);
        }
        daemon("halt", ChildMain::haltWhenExitHangs);
        System.exit(EXIT_PARENT_GONE);
    }

    private static void haltWhenExitHangs() {
        try {
            boolean exited = new CountDownLatch(1).await(EXIT_LIMIT_SECONDS, TimeUnit.SECONDS);
            Runtime.getRuntime().halt(exited ? 0 : EXIT_PARENT_GONE);
        } catch (InterruptedException e) {
            Runtime.getRuntime().halt(EXIT_PARENT_GONE);
        }
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }
}
