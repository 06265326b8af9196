package dev.warung.stack.retail;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** Customers come, collect points, and ask to be forgotten. */
final class Customers {
    private Customers() {}

    static Optional<UUID> any(Connection connection, Random random) throws SQLException {
        String sql = "select id from pelanggan where id >= ? order by id limit 1";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setObject(1, new UUID(random.nextLong(), random.nextLong()));
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getObject(1, UUID.class)) : Optional.empty();
            }
        }
    }

    static void join(Connection connection, Random random) throws SQLException {
        String sql = "insert into pelanggan (nama, telepon, lahir, preferensi)"
                + " values (?, ?, date '1950-01-01' + ?, ?::jsonb) on conflict (telepon) do nothing";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, "Pelanggan " + random.nextInt(100_000));
            insert.setString(2, "0857" + (10_000_000 + random.nextInt(89_999_999)));
            insert.setInt(3, random.nextInt(20_000));
            insert.setString(4, random.nextBoolean() ? "{}" : "{\"kabar\": true, \"bahasa\": [\"id\", \"jv\"]}");
            insert.executeUpdate();
        }
    }

    static void collectPoints(Connection connection, Random random) throws SQLException {
        Optional<UUID> customer = any(connection, random);
        if (customer.isEmpty()) {
            return;
        }
        String sql = "update pelanggan set poin = poin + ?, surel = coalesce(surel, ?) where id = ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setInt(1, 1 + random.nextInt(50));
            update.setString(2, "p" + random.nextInt(1_000_000) + "@contoh.id");
            update.setObject(3, customer.get());
            update.executeUpdate();
        }
    }

    /** The foreign key of their sales is set to NULL by the database. */
    static void forget(Connection connection, Random random) throws SQLException {
        Optional<UUID> customer = any(connection, random);
        if (customer.isEmpty()) {
            return;
        }
        try (PreparedStatement delete = connection.prepareStatement("delete from pelanggan where id = ?")) {
            delete.setObject(1, customer.get());
            delete.executeUpdate();
        }
    }
}
