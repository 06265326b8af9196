package dev.warung.bench.writes;

import dev.warung.bench.load.BenchTable;
import dev.warung.bench.measure.BenchException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * An application of an outlet: writes orders into the outlet's file, durable as SQLite is by default. It has a second table with the same
 * columns that nobody listens to.
 *
 * <p>Thread: one.
 */
final class LocalTable implements AutoCloseable {

    private static final String PLAIN = "bench_plain";
    private static final double NANOS = 1e9;

    private final Connection connection;

    /** Which of the two tables. */
    enum Kind {
        CAPTURED(BenchTable.ID.name()),
        PLAIN(LocalTable.PLAIN);

        private final String table;

        Kind(String table) {
            this.table = table;
        }
    }

    LocalTable(Path file) {
        try {
            connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            run("pragma busy_timeout=20000");
            run("pragma synchronous=FULL");
            String definition = text("select sql from sqlite_master where name = '" + BenchTable.ID.name() + "'");
            run(definition
                    .replaceFirst(BenchTable.ID.name(), PLAIN)
                    .replaceFirst("(?i)create table", "create table if not exists"));
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Inserts rows in transactions of that many. @return rows a second */
    double insert(Kind kind, long firstId, int rows, int perTransaction) {
        return write(
                "insert into " + kind.table
                        + " values (?, 7, 70000 + ?1, 'new', '125.50', 'catatan ' || ?1 || ' untuk dapur',"
                        + " '2026-11-21 10:00:00+00', '2026-11-21 10:00:00+00')",
                firstId,
                rows,
                perTransaction);
    }

    /** Changes those rows. @return rows a second */
    double update(Kind kind, long firstId, int rows, int perTransaction) {
        return write("update " + kind.table + " set status = 'paid' where id = ?", firstId, rows, perTransaction);
    }

    /** The outlet's ops that have no answer yet. */
    long open() {
        return number(
                "select (select count(*) from _warung_journal) + (select count(*) from _warung_ops where open = 1)");
    }

    /** How many ops the outlet has ever made. */
    long made() {
        return number("select coalesce(max(seq), 0) from sqlite_sequence where name = '_warung_ops'");
    }

    /** From the write until the outlet said that it is done, of the newest ops, by the outlet's clock. */
    long[] settledAfterMs(int newest) {
        long[] values = new long[newest];
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select settled_at_ms - at_ms from _warung_ops"
                        + " where settled_at_ms is not null order by seq desc limit " + newest)) {
            int count = 0;
            while (row.next()) {
                values[count++] = row.getLong(1);
            }
            return java.util.Arrays.copyOf(values, count);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private double write(String sql, long firstId, int rows, int perTransaction) {
        long start = System.nanoTime();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int done = 0; done < rows; done += perTransaction) {
                // At once for writing: an upgrade from reading would not wait for the outlet.
                run("begin immediate");
                for (int i = done; i < Math.min(rows, done + perTransaction); i++) {
                    statement.setLong(1, firstId + i);
                    statement.executeUpdate();
                }
                run("commit");
            }
        } catch (SQLException e) {
            throw failure(e);
        }
        return rows * NANOS / (System.nanoTime() - start);
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long number(String sql) {
        try {
            return Long.parseLong(text(sql));
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private String text(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "0";
        }
    }

    private static BenchException failure(SQLException e) {
        return new BenchException("The outlet's file refuses: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(e);
        }
    }
}
