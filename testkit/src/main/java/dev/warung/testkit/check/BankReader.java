package dev.warung.testkit.check;

import dev.warung.testkit.load.BankLoad;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** Reads the backup again and again while it is written, as an application would: the bank's total never changes (I4). */
public final class BankReader implements AutoCloseable {

    private static final long TOTAL = 2L * BankLoad.ACCOUNTS * BankLoad.OPENING;
    private static final long PAUSE_MS = 5;

    private final Path file;
    private final Predicate<String> excuses;
    private final Thread thread;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
    private final AtomicLong samples = new AtomicLong();

    private BankReader(Path file, Predicate<String> excuses) {
        this.file = file;
        this.excuses = excuses;
        this.thread = new Thread(this::run, "bank-reader");
    }

    public static BankReader start(Path sqliteFile) {
        return start(sqliteFile, message -> false);
    }

    /** @param excuses whether the file may be unreadable now with this message, because its disk is being troubled */
    public static BankReader start(Path sqliteFile, Predicate<String> excuses) {
        BankReader reader = new BankReader(sqliteFile, excuses);
        reader.thread.start();
        return reader;
    }

    /** How often the total was read. */
    public long samples() {
        return samples.get();
    }

    /** Each total that was wrong. */
    public List<String> problems() {
        return List.copyOf(problems);
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

    private void run() {
        try {
            while (!stop.await(PAUSE_MS, TimeUnit.MILLISECONDS)) {
                sample().ifPresent(this::check);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void check(long total) {
        samples.incrementAndGet();
        if (total != TOTAL) {
            problems.add("I4: the accounts sum up to " + total + ", not " + TOTAL);
        }
    }

    /** The sum over both tables in one read, or nothing while the file or its tables are not there or busy. */
    private Optional<Long> sample() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT (SELECT sum(saldo) FROM akun_a) + (SELECT sum(saldo) FROM akun_b)")) {
            result.next();
            return Optional.of(result.getLong(1));
        } catch (SQLException e) {
            String message = String.valueOf(e.getMessage());
            if (message.matches("(?s).*(no such table|BUSY).*") || excuses.test(message)) {
                return Optional.empty();
            }
            problems.add("I4: the backup cannot be read: " + message);
            return Optional.empty();
        }
    }
}
