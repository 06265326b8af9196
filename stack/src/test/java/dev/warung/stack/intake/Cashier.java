package dev.warung.stack.intake;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The application of one outlet: it sells, takes from the stock and changes notes in the outlet's file, by a connection of its own, whether
 * anything else runs or not, and keeps in mind what was committed. It looks all the time whether its sales are there, each once.
 */
final class Cashier implements AutoCloseable {

    private static final int LOOK_EVERY = 10;

    private final Path file;
    private final String code;
    private final int branch;
    private final int pauseMs;
    private final Random random;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Queue<String> problems = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    /** Items of each sale, by its number. Read by others only after the end. */
    private final Map<String, Integer> sales = new TreeMap<>();

    private final Map<Integer, Integer> taken = new TreeMap<>();
    private final Map<String, String> notes = new TreeMap<>();
    private int refused;
    private int number;
    private final AtomicInteger transactions = new AtomicInteger();

    /**
     * Who sells where.
     *
     * @param pauseMs the longest pause after a transaction
     */
    record Place(String code, int branch, Path file, int pauseMs) {}

    private Cashier(Place place, long seed) {
        this.file = place.file();
        this.code = place.code();
        this.branch = place.branch();
        this.pauseMs = place.pauseMs();
        this.random = new Random(seed);
        this.thread = new Thread(this::work, "kasir-" + code);
    }

    static Cashier start(Place place, long seed) {
        Cashier cashier = new Cashier(place, seed);
        cashier.thread.start();
        return cashier;
    }

    String code() {
        return code;
    }

    int branch() {
        return branch;
    }

    Path file() {
        return file;
    }

    int transactions() {
        return transactions.get();
    }

    /** What must never be. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** How many items each sale has, by its number. */
    Map<String, Integer> sales() {
        return sales;
    }

    /** What was taken from the stock, by product. */
    Map<Integer, Integer> taken() {
        return taken;
    }

    /** Texts of the outlet's own notes that the server must have, by id. */
    Map<String, String> notes() {
        return notes;
    }

    /** Writes that the server must refuse. */
    int refused() {
        return refused;
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

    private void work() {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("pragma busy_timeout=20000");
            while (!stop.await(1 + random.nextInt(pauseMs), TimeUnit.MILLISECONDS)) {
                statement.execute("begin immediate");
                Runnable committed = transaction(connection);
                statement.execute("commit");
                committed.run();
                int count = transactions.incrementAndGet();
                if (count % LOOK_EVERY == 0) {
                    look(statement);
                }
            }
            look(statement);
        } catch (SQLException | RuntimeException e) {
            problems.add(code + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return what is to be kept in mind once it is committed */
    private Runnable transaction(Connection connection) throws SQLException {
        int choice = random.nextInt(20);
        if (choice < 8) {
            return sell(connection);
        }
        if (choice < 10 && !sales.isEmpty()) {
            return sellMore(connection);
        }
        if (choice < 12 && !sales.isEmpty()) {
            run(connection, "update transaksi set keterangan = ? where nomor = ?", "k" + random.nextInt(), any());
            return () -> {};
        }
        if (choice < 15) {
            String column = random.nextBoolean() ? "isi" : "meja";
            run(
                    connection,
                    "update catatan set " + column + " = ? where id = ?",
                    code + " " + random.nextInt(),
                    shared());
            return () -> {};
        }
        if (choice < 16) {
            run(connection, "update pesanan set isi = ? where id = ?", code + " " + random.nextInt(), shared());
            return () -> {};
        }
        return note(connection);
    }

    private Runnable sell(Connection connection) throws SQLException {
        String sale = code + "/" + (number + 1);
        int items = 1 + random.nextInt(3);
        int total = 0;
        run(connection, "insert into transaksi (cabang_id, nomor, total) values (?, ?, 0)", branch, sale);
        Map<Integer, Integer> sold = new TreeMap<>();
        for (int i = 0; i < items; i++) {
            total += item(connection, sale, sold);
        }
        run(connection, "update transaksi set total = ? where nomor = ?", total, sale);
        return () -> {
            number++;
            sales.put(sale, items);
            sold.forEach((product, quantity) -> taken.merge(product, quantity, Integer::sum));
        };
    }

    /** One more item, to a sale that may have its local id still, or got its real one meanwhile. */
    private Runnable sellMore(Connection connection) throws SQLException {
        String sale = any();
        Map<Integer, Integer> sold = new TreeMap<>();
        int price = item(connection, sale, sold);
        run(connection, "update transaksi set total = total + ? where nomor = ?", price, sale);
        return () -> {
            sales.merge(sale, 1, Integer::sum);
            sold.forEach((product, quantity) -> taken.merge(product, quantity, Integer::sum));
        };
    }

    private int item(Connection connection, String sale, Map<Integer, Integer> sold) throws SQLException {
        int product = 1 + random.nextInt(BranchTables.PRODUCTS);
        int quantity = 1 + random.nextInt(4);
        run(
                connection,
                "insert into transaksi_item (cabang_id, transaksi_id, produk_id, qty, harga)"
                        + " values (?, (select id from transaksi where nomor = ?), ?, ?, 5)",
                branch,
                sale,
                product,
                quantity);
        run(
                connection,
                "update stok set jumlah = jumlah - ? where produk_id = ? and cabang_id = ?",
                quantity,
                product,
                branch);
        sold.merge(product, quantity, Integer::sum);
        return 5 * quantity;
    }

    /** A note of the outlet's own: made, changed, deleted, or one that the server refuses. */
    private Runnable note(Connection connection) throws SQLException {
        String id = UUID.randomUUID().toString();
        String text = "isi " + random.nextInt();
        int choice = random.nextInt(6);
        if (choice == 0) {
            run(connection, "insert into nota (id, cabang_id, isi, jumlah) values (?, ?, ?, -1)", id, branch, text);
            return () -> refused++;
        }
        if (choice < 4 || notes.isEmpty()) {
            run(connection, "insert into nota (id, cabang_id, isi, jumlah) values (?, ?, ?, 1)", id, branch, text);
            return () -> notes.put(id, text);
        }
        String known = new ArrayList<>(notes.keySet()).get(random.nextInt(notes.size()));
        if (choice == 4) {
            run(connection, "update nota set isi = ? where id = ?", text, known);
            return () -> notes.put(known, text);
        }
        run(connection, "delete from nota where id = ?", known);
        return () -> notes.remove(known);
    }

    private String any() {
        return code + "/" + (1 + random.nextInt(number));
    }

    private int shared() {
        return 100 * branch + 1 + random.nextInt(BranchTables.NOTES);
    }

    /** Whatever the outlet does with its rows meanwhile, each sale is there once, with its items, in one look. */
    private void look(Statement statement) throws SQLException {
        int items = sales.values().stream().mapToInt(Integer::intValue).sum();
        try (ResultSet result = statement.executeQuery(
                "select count(distinct t.id) || ' sales, ' || count(i.id) || ' items' from transaksi t"
                        + " left join transaksi_item i on i.transaksi_id = t.id where t.nomor like '" + code + "/%'")) {
            result.next();
            String expected = sales.size() + " sales, " + items + " items";
            if (!result.getString(1).equals(expected)) {
                problems.add(code + " sees " + result.getString(1) + " instead of " + expected);
            }
        }
    }

    private static void run(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            if (statement.executeUpdate() != 1) {
                throw new SQLException("not one row: " + sql);
            }
        }
    }
}
