package dev.warung.outlet.start;

import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/** Does, beside the reading of the settings, what takes time once and what connecting to Kafka needs soon after. */
public final class WarmUp {

    private final CountDownLatch logging = new CountDownLatch(1);

    private WarmUp() {}

    /** Returns at once. */
    public static WarmUp begin() {
        WithoutJmx.prepare();
        WarmUp begun = new WarmUp();
        Thread thread = new Thread(begun::run, "warm-up");
        thread.setDaemon(true);
        thread.start();
        return begun;
    }

    /** Waits until logging is set up: until then SLF4J keeps what another thread logs, and warns of it. */
    public void awaitLogging() throws InterruptedException {
        logging.await();
    }

    private void run() {
        try {
            LoggerFactory.getILoggerFactory();
        } finally {
            logging.countDown();
        }
        // Kafka's clients register a bean each.
        ManagementFactory.getPlatformMBeanServer();
    }
}
