package dev.warung.stack.retail;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/** The catalogue: prices, new products, products that are no longer sold. */
final class Products {
    private Products() {}

    static long lastId(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select coalesce(max(id), 1) from produk")) {
            row.next();
            return row.getLong(1);
        }
    }

    static void changePrice(Connection connection, Random random) throws SQLException {
        String sql = "with lama as (select id, harga from produk where id = ? for update),"
                + " baru as (update produk p set harga = round(p.harga * ?::numeric, 2), diperbarui = clock_timestamp()"
                + " from lama where p.id = lama.id returning p.id, lama.harga as harga_lama, p.harga as harga_baru)"
                + " insert into riwayat_harga (produk_id, harga_lama, harga_baru)"
                + " select id, harga_lama, harga_baru from baru";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setLong(1, 1 + random.nextInt((int) lastId(connection)));
            update.setDouble(2, 0.9 + random.nextInt(21) / 100.0);
            update.executeUpdate();
        }
    }

    /** A product joins the catalogue and gets an empty shelf in every outlet. */
    static void add(Connection connection, Random random) throws SQLException {
        String sql = "insert into produk (sku, nama, kategori_id, pemasok_id, harga, biaya, label, atribut)"
                + " select 'BRU-' || lpad(n::text, 8, '0'), 'Produk baru ' || n, ?, ?, ?, ?, ?::text[], ?::jsonb"
                + " from nextval('produk_id_seq') n returning id";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setInt(1, 1 + random.nextInt(18));
            insert.setInt(2, 1 + random.nextInt(6));
            insert.setInt(3, 1000 + random.nextInt(90_000));
            insert.setInt(4, 500 + random.nextInt(500));
            insert.setString(5, random.nextBoolean() ? "{baru,\"se juta\"}" : "{}");
            insert.setString(6, random.nextBoolean() ? "{\"isi\": 1e3, \"warna\": \"mérah\"}" : null);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                shelves(connection, row.getLong(1));
            }
        }
    }

    private static void shelves(Connection connection, long product) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into stok (outlet_id, produk_id, jumlah) select id, ?, 0 from outlet")) {
            insert.setLong(1, product);
            insert.executeUpdate();
        }
    }

    /** Labels and pictures change; a product leaves the shelves for a while or comes back. */
    static void edit(Connection connection, Random random) throws SQLException {
        String sql = "update produk set aktif = (random() < 0.95), diperbarui = clock_timestamp(),"
                + " label = case when cardinality(label) > 4 then '{}' else label || ?::text end where id = ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, "label " + random.nextInt(100));
            update.setLong(2, 1 + random.nextInt((int) lastId(connection)));
            update.executeUpdate();
        }
    }
}
