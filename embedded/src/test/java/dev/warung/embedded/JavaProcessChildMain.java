package dev.warung.embedded;

import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What {@link JavaProcessIT} starts. */
public final class JavaProcessChildMain {
    private JavaProcessChildMain() {}

    public static void main(String[] args) throws Exception {
        System.out.println(List.of(args) + " " + System.getenv("WARUNG_COLOUR"));
        System.out.println("heap " + Runtime.getRuntime().maxMemory() / (1024 * 1024));
        if (args[0].equals("fail")) {
            throw new IllegalStateException("told to fail");
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook ran")));
        System.out.println("ready");
        new CountDownLatch(1).await();
    }
}
