package dev.warung.stack.retail;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a till does in its outlet's file, with SQL and SQLite's driver only: sales over five tables, points and names of customers, promotions.
 * Each method is one transaction, which the caller commits.
 */
final class TillWork {
    /** Shelves with less are left to the others: what was sold offline must still be there when it is uploaded. */
    private static final int STOCK_MIN = 60;

    /** Customers and promotions that all tills work on. */
    private static final int CUSTOMERS = 5;

    private static final int PROMOTIONS = 2;

    private static final String NOW = "strftime('%Y-%m-%d %H:%M:%f+00', 'now')";

    private record Line(long product, int quantity, BigDecimal price) {
        BigDecimal total() {
            return price.multiply(BigDecimal.valueOf(quantity));
        }
    }

    private record Seller(long outlet, String cashier) {}

    private final Connection connection;
    private final Random random;

    TillWork(Connection connection, Random random) {
        this.connection = connection;
        this.random = random;
    }

    /**
     * Sells something.
     *
     * @param number of the sale: never used before
     * @return empty if there was nothing to sell
     */
    Optional<Till.Sale> sell(String number) throws SQLException {
        List<Line> lines = lines();
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        BigDecimal total = lines.stream()
                .map(Line::total)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .setScale(2, RoundingMode.HALF_UP);
        Seller seller = seller();
        execute(
                "insert into transaksi (nomor, outlet_id, kasir_id, status, total, waktu) values (?, ?, ?, 'dibayar', ?, "
                        + NOW + ")",
                number,
                seller.outlet(),
                seller.cashier(),
                total.toPlainString());
        long sale = lastId();
        int place = 0;
        for (Line line : lines) {
            place++;
            execute(
                    "insert into transaksi_item (transaksi_id, baris, produk_id, jumlah, harga, diskon)"
                            + " values (?, ?, ?, ?, ?, '0.00')",
                    sale,
                    place,
                    line.product(),
                    line.quantity(),
                    line.price().toPlainString());
            execute("update stok set jumlah = jumlah - ? where produk_id = ?", line.quantity(), line.product());
            execute(
                    "insert into pergerakan_stok (outlet_id, produk_id, jenis, jumlah, transaksi_id, waktu)"
                            + " values (?, ?, 'penjualan', ?, ?, " + NOW + ")",
                    seller.outlet(),
                    line.product(),
                    -line.quantity(),
                    sale);
        }
        execute(
                "insert into pembayaran (id, transaksi_id, metode, jumlah, waktu) values (?, ?, 'tunai', ?, " + NOW
                        + ")",
                UUID.randomUUID().toString(),
                sale,
                total.toPlainString());
        int pieces = lines.stream().mapToInt(Line::quantity).sum();
        return Optional.of(new Till.Sale(number, total, lines.size(), pieces));
    }

    /** Points add up, whoever gives them. */
    void givePoints() throws SQLException {
        execute(
                "update pelanggan set poin = poin + ? where id = " + oneOf("pelanggan", CUSTOMERS),
                1 + random.nextInt(20));
    }

    /** Two tills that do so at a time: the newer name stays. */
    void rename(String name) throws SQLException {
        execute("update pelanggan set nama = ? where id = " + oneOf("pelanggan", CUSTOMERS), name);
    }

    /** Two tills that do so at a time are a conflict that somebody decides. */
    void changePromotion() throws SQLException {
        changePromotion(PROMOTIONS);
    }

    void changeFirstPromotion() throws SQLException {
        changePromotion(1);
    }

    private void changePromotion(int of) throws SQLException {
        String value = BigDecimal.valueOf(100 + random.nextInt(2_000), 2).toPlainString();
        execute("update promo set potongan = ? where id = " + oneOf("promo", of), value);
    }

    private String oneOf(String table, int rows) {
        return "(select id from " + table + " order by id limit 1 offset " + random.nextInt(rows) + ")";
    }

    private List<Line> lines() throws SQLException {
        TreeMap<Long, BigDecimal> prices = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select s.produk_id, p.harga from stok s"
                        + " join produk p on p.id = s.produk_id where p.aktif and s.jumlah >= " + STOCK_MIN)) {
            while (rows.next()) {
                prices.put(rows.getLong(1), new BigDecimal(rows.getString(2)));
            }
        }
        List<Long> products = new ArrayList<>(prices.keySet());
        TreeMap<Long, Line> lines = new TreeMap<>();
        for (int i = products.isEmpty() ? 0 : 1 + random.nextInt(3); i > 0; i--) {
            long product = products.get(random.nextInt(products.size()));
            lines.put(product, new Line(product, 1 + random.nextInt(3), prices.getOrDefault(product, BigDecimal.ZERO)));
        }
        return List.copyOf(lines.values());
    }

    private Seller seller() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select outlet_id, id from pegawai where jabatan = 'kasir' order by id limit 1")) {
            if (!row.next()) {
                throw new SQLException("this outlet has no cashier");
            }
            return new Seller(row.getLong(1), row.getString(2));
        }
    }

    private long lastId() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select last_insert_rowid()")) {
            row.next();
            return row.getLong(1);
        }
    }

    private void execute(String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
