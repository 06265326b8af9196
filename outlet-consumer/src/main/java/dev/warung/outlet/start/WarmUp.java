package dev.warung.outlet.start;

import java.lang.management.ManagementFactory;
import org.slf4j.LoggerFactory;

/** Does, beside the reading of the settings, what takes time once and what connecting to Kafka needs soon after. */
public final class WarmUp {

    private WarmUp() {}

    /** Returns at once. */
    public static void begin() {
        WithoutJmx.prepare();
        Thread thread = new Thread(WarmUp::run, "warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private static void run() {
        LoggerFactory.getILoggerFactory();
        // Kafka's clients register a bean each.
        ManagementFactory.getPlatformMBeanServer();
    }
}
