package dev.warung.stack.intake;

import dev.warung.testkit.pipeline.ProcessPipeline;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes in PostgreSQL what outlets write too: it delivers stock, changes notes and prices. A transaction of which nobody knows whether it was
 * committed is for PostgreSQL to say: {@code kiriman} has what was delivered.
 */
final class HeadOffice implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeadOffice.class);
    private static final int PAUSE_MS = 200;
    /** The others have stories of their own. */
    private static final int BRANCHES = 2;

    private final ProcessPipeline pipeline;
    private final Random random;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::work, "kantor");

    private HeadOffice(ProcessPipeline pipeline, long seed) {
        this.pipeline = pipeline;
        this.random = new Random(seed);
    }

    static HeadOffice start(ProcessPipeline pipeline, long seed) {
        HeadOffice office = new HeadOffice(pipeline, seed);
        office.thread.start();
        return office;
    }

    private void work() {
        try {
            while (!stop.await(random.nextInt(PAUSE_MS), TimeUnit.MILLISECONDS)) {
                try (Connection connection = pipeline.connect();
                        Statement statement = connection.createStatement()) {
                    connection.setAutoCommit(false);
                    while (!stop.await(random.nextInt(PAUSE_MS), TimeUnit.MILLISECONDS)) {
                        for (String sql : transaction()) {
                            statement.execute(sql);
                        }
                        connection.commit();
                    }
                } catch (SQLException e) {
                    LOG.debug("PostgreSQL is away", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> transaction() {
        int branch = 1 + random.nextInt(BRANCHES);
        int product = 1 + random.nextInt(BranchTables.PRODUCTS);
        int shared = 100 * branch + 1 + random.nextInt(BranchTables.NOTES);
        int value = 1 + random.nextInt(50);
        return switch (random.nextInt(5)) {
            case 0, 1 ->
                List.of(
                        "insert into kiriman (produk_id, cabang_id, jumlah) values (" + product + ", " + branch + ", "
                                + value + ")",
                        "update stok set jumlah = jumlah + " + value + " where produk_id = " + product
                                + " and cabang_id = " + branch);
            case 2 ->
                List.of("update catatan set isi = 'pusat " + value + "', diperbarui = clock_timestamp() where id = "
                        + shared);
            case 3 -> List.of("update pesanan set isi = 'pusat " + value + "' where id = " + shared);
            default -> List.of("update produk set harga = " + value + " where id = " + product);
        };
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
