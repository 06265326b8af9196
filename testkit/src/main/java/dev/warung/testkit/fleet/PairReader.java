package dev.warung.testkit.fleet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Reads the outlets' files again and again while they are written, as their applications would: no pair is ever torn (I4). */
public final class PairReader implements AutoCloseable {

    private static final long PAUSE_MS = 10;

    private final Supplier<Collection<Path>> files;
    private final Thread thread = new Thread(this::run, "pair-reader");
    private final CountDownLatch stop = new CountDownLatch(1);
    private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
    private final AtomicLong samples = new AtomicLong();

    private PairReader(Supplier<Collection<Path>> files) {
        this.files = files;
    }

    /** @param files may give others each time; one that is not there is passed over */
    public static PairReader start(Supplier<Collection<Path>> files) {
        PairReader reader = new PairReader(files);
        reader.thread.start();
        return reader;
    }

    /** How often some pairs were there and read. */
    public long samples() {
        return samples.get();
    }

    /** Each time that a pair was torn. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    private void run() {
        try {
            while (!stop.await(PAUSE_MS, TimeUnit.MILLISECONDS)) {
                files.get().forEach(this::sample);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sample(Path file) {
        if (!Files.exists(file)) {
            return;
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(Pairs.TORN + ", (SELECT count(*) FROM " + Pairs.LEFT
                        + "), (SELECT count(*) FROM " + Pairs.RIGHT + ")")) {
            result.next();
            if (result.getLong(1) != 0) {
                problems.add("I4: " + result.getLong(1) + " torn pairs in " + file + ", of " + result.getLong(2)
                        + " rows left and " + result.getLong(3) + " right");
            }
            samples.addAndGet(result.getLong(2) > 0 ? 1 : 0);
        } catch (SQLException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.matches("(?s).*(no such table|BUSY|CANTOPEN|READONLY).*")) {
                problems.add("I4: " + file + " cannot be read: " + message);
            }
        }
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
