package dev.warung.stack.retail;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Sales and what undoes them. A sale writes transaksi, its items, stok, pergerakan_stok and pembayaran in one transaction.
 *
 * <p>Stock is locked in the order of the product ids, so that shops do not meet in a deadlock.
 */
final class Sales {
    private static final List<String> METHODS = List.of("tunai", "tunai", "qris", "kartu", "transfer");

    private record Line(long product, int quantity, BigDecimal price, BigDecimal discount) {
        BigDecimal subtotal() {
            return price.multiply(BigDecimal.valueOf(quantity))
                    .multiply(BigDecimal.valueOf(100).subtract(discount))
                    .divide(BigDecimal.valueOf(100), 2, RoundingMode.HALF_UP);
        }
    }

    private Sales() {}

    static void sell(Connection connection, Random random) throws SQLException {
        int outlet = 1 + random.nextInt(8);
        List<Line> lines = takeFromStock(connection, random, outlet);
        if (lines.isEmpty()) {
            Warehouse.restock(connection, random);
            return;
        }
        BigDecimal total = lines.stream().map(Line::subtotal).reduce(BigDecimal.ZERO, BigDecimal::add);
        long sale = insertSale(connection, random, outlet, total);
        insertLines(connection, sale, lines);
        for (Line line : lines) {
            Warehouse.move(connection, outlet, line.product(), -line.quantity(), "penjualan", sale);
        }
        pay(connection, random, sale, total);
    }

    private static List<Line> takeFromStock(Connection connection, Random random, int outlet) throws SQLException {
        TreeMap<Long, Integer> wanted = new TreeMap<>();
        long last = Products.lastId(connection);
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            wanted.put(1 + (long) (random.nextDouble() * random.nextDouble() * last), 1 + random.nextInt(4));
        }
        List<Line> lines = new ArrayList<>();
        String sql = "select s.produk_id, s.jumlah, p.harga from stok s join produk p on p.id = s.produk_id"
                + " where s.outlet_id = ? and s.produk_id = any(?) and p.aktif order by s.produk_id for update of s";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setInt(1, outlet);
            select.setArray(
                    2, connection.createArrayOf("bigint", wanted.keySet().toArray()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    int quantity = wanted.getOrDefault(rows.getLong(1), 1);
                    if (rows.getInt(2) >= quantity) {
                        BigDecimal discount = BigDecimal.valueOf(random.nextInt(8) == 0 ? 10 : 0);
                        lines.add(new Line(rows.getLong(1), quantity, rows.getBigDecimal(3), discount));
                    }
                }
            }
        }
        return lines;
    }

    private static long insertSale(Connection connection, Random random, int outlet, BigDecimal total)
            throws SQLException {
        String sql = "insert into transaksi (nomor, outlet_id, kasir_id, pelanggan_id, status, total, catatan)"
                + " select o.kode || '-' || nextval('pergerakan_stok_id_seq'), o.id, p.id, ?, 'dibayar', ?, ?"
                + " from outlet o join pegawai p on p.outlet_id = o.id and p.jabatan = 'kasir'"
                + " where o.id = ? order by p.id limit 1 returning id";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setObject(
                    1, random.nextBoolean() ? Customers.any(connection, random).orElse(null) : null);
            insert.setBigDecimal(2, total);
            insert.setString(3, random.nextInt(10) == 0 ? "titip ke tetangga, \"lunas\" ✓" : null);
            insert.setInt(4, outlet);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void insertLines(Connection connection, long sale, List<Line> lines) throws SQLException {
        String sql = "insert into transaksi_item (transaksi_id, baris, produk_id, jumlah, harga, diskon)"
                + " values (?, ?, ?, ?, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            int number = 0;
            for (Line line : lines) {
                number++;
                insert.setLong(1, sale);
                insert.setInt(2, number);
                insert.setLong(3, line.product());
                insert.setInt(4, line.quantity());
                insert.setBigDecimal(5, line.price());
                insert.setBigDecimal(6, line.discount());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void pay(Connection connection, Random random, long sale, BigDecimal total) throws SQLException {
        String sql = "insert into pembayaran (transaksi_id, metode, jumlah, rincian)"
                + " values (?, ?::metode_bayar, ?, ?::jsonb)";
        BigDecimal first =
                random.nextInt(12) == 0 ? total.divide(BigDecimal.valueOf(2), 2, RoundingMode.HALF_UP) : total;
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (BigDecimal part : List.of(first, total.subtract(first))) {
                if (part.signum() == 0) {
                    continue;
                }
                String method = METHODS.get(random.nextInt(METHODS.size()));
                insert.setLong(1, sale);
                insert.setString(2, method);
                insert.setBigDecimal(3, part);
                insert.setString(4, method.equals("qris") ? "{\"bank\": \"BCA\", \"kode\": " + sale + "}" : null);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** The money goes back, and the goods into the stock. */
    static void refund(Connection connection, Random random) throws SQLException {
        Optional<Long> sale = someSale(connection, random, "dibayar");
        if (sale.isEmpty()) {
            return;
        }
        String close =
                "update transaksi set status = 'dikembalikan' where id = ? and status = 'dibayar' returning outlet_id";
        try (PreparedStatement update = connection.prepareStatement(close)) {
            update.setLong(1, sale.get());
            try (ResultSet row = update.executeQuery()) {
                if (row.next()) {
                    putBack(connection, sale.get(), row.getInt(1));
                }
            }
        }
        String pay = "insert into pembayaran (transaksi_id, metode, jumlah)"
                + " select transaksi_id, 'tunai', -sum(jumlah) from pembayaran where transaksi_id = ?"
                + " group by transaksi_id having sum(jumlah) <> 0";
        try (PreparedStatement insert = connection.prepareStatement(pay)) {
            insert.setLong(1, sale.get());
            insert.executeUpdate();
        }
    }

    private static void putBack(Connection connection, long sale, int outlet) throws SQLException {
        TreeMap<Long, Integer> items = new TreeMap<>();
        String sql = "select produk_id, jumlah from transaksi_item where transaksi_id = ?";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, sale);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    items.merge(rows.getLong(1), rows.getInt(2), Integer::sum);
                }
            }
        }
        for (var item : items.entrySet()) {
            Warehouse.move(connection, outlet, item.getKey(), item.getValue(), "retur", sale);
        }
    }

    /** A customer who has not decided yet: a draft without payment. */
    static void draft(Connection connection, Random random) throws SQLException {
        long sale = insertSale(connection, random, 1 + random.nextInt(8), BigDecimal.ZERO);
        try (PreparedStatement update =
                connection.prepareStatement("update transaksi set status = 'draf', catatan = ? where id = ?")) {
            update.setString(1, "draf " + UUID.nameUUIDFromBytes(new byte[] {(byte) random.nextInt()}));
            update.setLong(2, sale);
            update.executeUpdate();
        }
        insertLines(
                connection,
                sale,
                List.of(new Line(1 + random.nextInt(400), 1, BigDecimal.valueOf(1000), BigDecimal.ZERO)));
    }

    /** Old drafts go, with their items. */
    static void deleteDrafts(Connection connection, Random random) throws SQLException {
        String sql = "delete from transaksi where id in (select id from transaksi where status = 'draf'"
                + " order by id limit ? for update skip locked)";
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setInt(1, 1 + random.nextInt(20));
            delete.executeUpdate();
        }
    }

    private static Optional<Long> someSale(Connection connection, Random random, String status) throws SQLException {
        String sql = "select id from transaksi where status = ?::status_transaksi and id >="
                + " (select coalesce((max(id) * ?)::bigint, 0) from transaksi) order by id limit 1";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, status);
            select.setDouble(2, random.nextDouble());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
        }
    }
}
