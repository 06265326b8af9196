package dev.warung.stack.demo;

import dev.warung.stack.retail.Till;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks in PostgreSQL for what the tills remember, and at the stock. */
record SalesCheck(Connection postgres) {
    private static final int SHOWN = 3;

    private static final String SALES = """
            select t.nomor, t.total,
                (select count(*) from transaksi_item i where i.transaksi_id = t.id),
                (select coalesce(sum(i.jumlah), 0) from transaksi_item i where i.transaksi_id = t.id),
                (select coalesce(-sum(g.jumlah), 0) from pergerakan_stok g where g.transaksi_id = t.id and g.jenis = 'penjualan'),
                (select coalesce(sum(p.jumlah), 0) from pembayaran p where p.transaksi_id = t.id and p.jumlah > 0)
            from transaksi t where t.nomor = any (?)
            """;

    private record Found(BigDecimal total, long lines, long pieces, long moved, BigDecimal paid) {
        boolean isWhole(Till.Sale sale) {
            return total.compareTo(sale.total()) == 0
                    && lines == sale.lines()
                    && pieces == sale.pieces()
                    && moved == sale.pieces()
                    && paid.compareTo(sale.total()) == 0;
        }
    }

    /** A line for each difference, a few of each kind at most. */
    List<String> differences(List<Till.Sale> sales) throws SQLException {
        Map<String, List<Found>> found = found(sales);
        List<String> missing = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (Till.Sale sale : sales) {
            List<Found> rows = found.getOrDefault(sale.number(), List.of());
            if (rows.isEmpty()) {
                missing.add(sale.number());
            } else if (rows.size() > 1 || !rows.get(0).isWhole(sale)) {
                others.add(sale + " is there as " + rows);
            }
        }
        List<String> lines = new ArrayList<>();
        if (!missing.isEmpty()) {
            lines.add(missing.size() + " sales of the tills are not in PostgreSQL, such as "
                    + missing.subList(0, Math.min(SHOWN, missing.size())));
        }
        others.stream().limit(SHOWN).forEach(lines::add);
        long wrong = count("select count(*) from selisih_stok");
        if (wrong > 0) {
            lines.add(wrong + " stocks are not the sum of their movements: select * from selisih_stok");
        }
        return lines;
    }

    private Map<String, List<Found>> found(List<Till.Sale> sales) throws SQLException {
        Map<String, List<Found>> found = new HashMap<>();
        Array numbers = postgres.createArrayOf(
                "text", sales.stream().map(Till.Sale::number).toArray());
        try (PreparedStatement select = postgres.prepareStatement(SALES)) {
            select.setArray(1, numbers);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.computeIfAbsent(row.getString(1), number -> new ArrayList<>())
                            .add(new Found(
                                    row.getBigDecimal(2),
                                    row.getLong(3),
                                    row.getLong(4),
                                    row.getLong(5),
                                    row.getBigDecimal(6)));
                }
            }
        }
        return found;
    }

    private long count(String sql) throws SQLException {
        try (Statement statement = postgres.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
