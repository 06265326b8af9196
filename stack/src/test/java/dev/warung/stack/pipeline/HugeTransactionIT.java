package dev.warung.stack.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One PostgreSQL transaction far larger than the replicator's heap becomes one SQLite commit. Rows: {@code -Dhuge.rows}. */
@Tag("big")
class HugeTransactionIT {

    @TempDir
    private Path directory;

    @Test
    @Timeout(1800)
    void oneTransactionLargerThanMemoryIsOneSqliteCommit() throws Exception {
        int rows = Integer.getInteger("huge.rows", 200_000);
        try (Pipeline pipeline = new Pipeline(directory, Map.of());
                Connection connection = pipeline.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE besar (id bigint PRIMARY KEY, isi text NOT NULL, n int)");
            pipeline.startCapture();
            pipeline.startReplicator();
            pipeline.drain();
            Set<Long> countsSeen = new ConcurrentSkipListSet<>();
            CountDownLatch stop = new CountDownLatch(1);
            Thread watcher = new Thread(() -> watch(pipeline.backup(), countsSeen, stop), "watcher");
            watcher.start();

            statement.execute(
                    "INSERT INTO besar SELECT g, md5(g::text) || md5((g + 1)::text), g FROM generate_series(1, " + rows
                            + ") g");
            pipeline.drain();
            stop.countDown();
            watcher.join();

            assertThat(countsSeen).isSubsetOf(0L, (long) rows).contains(0L);
            assertThat(pipeline.backupCount("besar")).isEqualTo(rows);
            pipeline.assertIdentical();
        }
    }

    private static void watch(Path backup, Set<Long> countsSeen, CountDownLatch stop) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + backup);
                Statement statement = connection.createStatement()) {
            while (!stop.await(20, TimeUnit.MILLISECONDS)) {
                try (ResultSet result = statement.executeQuery("SELECT count(*) FROM besar")) {
                    result.next();
                    countsSeen.add(result.getLong(1));
                }
            }
        } catch (java.sql.SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
