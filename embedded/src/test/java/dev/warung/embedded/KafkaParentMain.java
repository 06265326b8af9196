package dev.warung.embedded;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A JVM with an embedded broker, to be killed by a test. */
public final class KafkaParentMain {
    private KafkaParentMain() {}

    public static void main(String[] args) throws Exception {
        KafkaServer server = KafkaServer.start(KafkaOptions.in(Path.of(args[0])));
        System.out.println("running " + server.pid());
        new CountDownLatch(1).await();
    }
}
