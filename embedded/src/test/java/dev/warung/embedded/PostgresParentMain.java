package dev.warung.embedded;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A JVM with an embedded PostgreSQL, to be killed by a test. */
public final class PostgresParentMain {
    private PostgresParentMain() {}

    public static void main(String[] args) throws Exception {
        PostgresServer server = PostgresServer.start(PostgresOptions.in(Path.of(args[0])));
        System.out.println("running " + server.pid());
        new CountDownLatch(1).await();
    }
}
