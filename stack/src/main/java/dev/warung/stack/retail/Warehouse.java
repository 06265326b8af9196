package dev.warung.stack.retail;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Stock and its movements: every change of {@code stok.jumlah} has its row in {@code pergerakan_stok}. */
final class Warehouse {
    private Warehouse() {}

    static void move(Connection connection, int outlet, long product, int quantity, String kind, @Nullable Long sale)
            throws SQLException {
        String change = "update stok set jumlah = jumlah + ?, diperbarui = clock_timestamp()"
                + " where outlet_id = ? and produk_id = ?";
        try (PreparedStatement update = connection.prepareStatement(change)) {
            update.setInt(1, quantity);
            update.setInt(2, outlet);
            update.setLong(3, product);
            update.executeUpdate();
        }
        String record = "insert into pergerakan_stok (outlet_id, produk_id, jenis, jumlah, transaksi_id)"
                + " values (?, ?, ?::jenis_pergerakan, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(record)) {
            insert.setInt(1, outlet);
            insert.setLong(2, product);
            insert.setString(3, kind);
            insert.setInt(4, quantity);
            if (sale == null) {
                insert.setNull(5, Types.BIGINT);
            } else {
                insert.setLong(5, sale);
            }
            insert.executeUpdate();
        }
    }

    /** The emptiest shelves of an outlet are filled. */
    static void restock(Connection connection, Random random) throws SQLException {
        int outlet = 1 + random.nextInt(8);
        List<Long> products = new ArrayList<>();
        String sql = "select produk_id from (select produk_id, jumlah from stok where outlet_id = ?"
                + " order by jumlah limit 5) s order by produk_id";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setInt(1, outlet);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    products.add(rows.getLong(1));
                }
            }
        }
        for (long product : products) {
            move(connection, outlet, product, 50 + random.nextInt(100), "pembelian", null);
        }
    }

    /** Somebody counted. */
    static void adjust(Connection connection, Random random) throws SQLException {
        move(connection, 1 + random.nextInt(8), 1 + random.nextInt(400), 1 + random.nextInt(3), "penyesuaian", null);
    }
}
