package dev.warung.stack.retail;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Random;
import org.postgresql.PGConnection;

/** A supplier's price list arrives by COPY and replaces the last one; its prices become costs. */
final class NightlyImport {
    private static final int ROWS = 2_000;

    private NightlyImport() {}

    static void run(Connection connection, Random random) throws SQLException {
        int supplier = 1 + random.nextInt(6);
        StringBuilder lines = new StringBuilder(ROWS * 48);
        for (int i = 1; i <= ROWS; i++) {
            lines.append(supplier)
                    .append("\tSKU-")
                    .append(String.format(Locale.ROOT, "%06d", i))
                    .append('\t')
                    .append(400 + random.nextInt(76_000))
                    .append('.')
                    .append(1000 + random.nextInt(9000))
                    .append(i % 17 == 0 ? "\tf" : "\tt")
                    .append("\t2026-01-02 03:04:05+07\n");
        }
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("delete from gudang.harga_pemasok where pemasok_id = " + supplier);
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy gudang.harga_pemasok from stdin", new StringReader(lines.toString()));
            statement.executeUpdate("update produk p set biaya = h.harga from gudang.harga_pemasok h"
                    + " where h.pemasok_id = " + supplier + " and h.sku = p.sku and p.pemasok_id = h.pemasok_id");
        } catch (IOException e) {
            throw new SQLException("COPY failed", e);
        }
    }
}
