package dev.warung.stack.retail;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/** The release that adds two columns while the shops are open; it finds out by itself whether it was done before. */
final class Migration {
    private Migration() {}

    static void run(Connection connection, Random random) throws SQLException {
        if (isDone(connection)) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local lock_timeout = '2s'");
            statement.execute("alter table produk add column merek text not null default 'tanpa merek',"
                    + " add column kedaluwarsa date");
            statement.executeUpdate(
                    "update produk set merek = 'Cap Gajah', kedaluwarsa = date '2027-01-01' + id::integer"
                            + " where id % 7 = " + random.nextInt(7));
        }
    }

    private static boolean isDone(Connection connection) throws SQLException {
        String sql = "select exists (select from pg_attribute where attrelid = 'public.produk'::regclass"
                + " and attname = 'merek' and not attisdropped)";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
