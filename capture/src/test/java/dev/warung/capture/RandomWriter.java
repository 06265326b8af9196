package dev.warung.capture;

import dev.warung.testkit.Database;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/** Writes COPYs, single rows, many-row statements, key changes and two interleaved transactions until it is closed. */
final class RandomWriter implements AutoCloseable {

    private static final int ROWS_MAX = 30_000;

    private final Database database;
    private final Random random;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger next = new AtomicInteger(1);
    private final Thread thread = new Thread(this::run, "random-writer");
    private volatile @Nullable Exception failure;

    RandomWriter(Database database, long seed) {
        this.database = database;
        this.random = new Random(seed);
        thread.start();
    }

    private void run() {
        try (Connection one = database.connect();
                Connection other = database.connect()) {
            one.setAutoCommit(false);
            other.setAutoCommit(false);
            while (!stopped.get() && next.get() < ROWS_MAX) {
                step(one, other);
            }
        } catch (SQLException | IOException e) {
            failure = e;
        }
    }

    private void step(Connection one, Connection other) throws SQLException, IOException {
        try (Statement first = one.createStatement();
                Statement second = other.createStatement()) {
            switch (random.nextInt(5)) {
                case 0 -> {
                    int rows = 200 + random.nextInt(1500);
                    copy(one, next.getAndAdd(rows), rows);
                }
                case 1 -> first.execute("insert into sale values (" + next.getAndIncrement() + ", 'single')");
                case 2 -> {
                    int from = next.getAndAdd(50);
                    first.execute("insert into sale select g, 'many' from generate_series(" + from + ", " + (from + 49)
                            + ") g");
                }
                case 3 ->
                    first.execute(
                            "update sale set id = -id, note = note || '!' where id in (select id from sale where id > 0"
                                    + " order by id limit 20)");
                default -> {
                    first.execute("insert into sale values (" + next.getAndIncrement() + ", 'a')");
                    second.execute("insert into sale values (" + next.getAndIncrement() + ", 'b')");
                    first.execute("insert into sale values (" + next.getAndIncrement() + ", 'c')");
                    other.commit();
                    first.execute("delete from sale where id in (select id from sale order by id limit 2)");
                }
            }
            one.commit();
            other.commit();
        }
    }

    /** Copies rows with these ids in one transaction. */
    static void copy(Database database, int from, int rows) throws SQLException, IOException {
        try (Connection connection = database.connect()) {
            copy(connection, from, rows);
        }
    }

    private static void copy(Connection connection, int from, int rows) throws SQLException, IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            text.append(from + i).append("\tcopied\n");
        }
        new CopyManager(connection.unwrap(BaseConnection.class))
                .copyIn("copy sale from stdin", new StringReader(text.toString()));
    }

    @Override
    public void close() throws Exception {
        stopped.set(true);
        thread.join();
        if (failure != null) {
            throw failure;
        }
    }
}
