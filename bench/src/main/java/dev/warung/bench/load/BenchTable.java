package dev.warung.bench.load;

import dev.warung.core.change.TableId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The table that is filled and read: orders of a shop, about 240 bytes a row as pgoutput sends them, with ids that grow by one.
 *
 * <p>Rows are inserted inside the server, one WAL record each as applications write them (not by COPY). Nobody waits for the disk
 * meanwhile, but {@link #fill} returns only when everything is flushed and a checkpoint is over: neither disturbs whoever reads then.
 */
public final class BenchTable {
    public static final TableId ID = new TableId("public", "bench_rows");

    private static final int BRANCHES = 40;

    /** The columns but for the branch and the id, of row {@code g}. */
    private static final String COLUMNS = """
            1000 + g * 7 % 100000, (array['new', 'paid', 'sent', 'returned'])[1 + g % 4],
            (g * 37 % 10000000) / 100.0, md5(g::text) || md5((g + 1)::text) || md5((g + 2)::text),
            clock_timestamp(), clock_timestamp()
            """;

    private final Connection connection;
    private int branches = BRANCHES;
    private long lastId;

    private BenchTable(Connection connection) {
        this.connection = connection;
    }

    /** Makes the table; the connection commits automatically and stays the caller's. */
    public static BenchTable create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("drop table if exists " + ID.name());
            statement.execute("create table " + ID.name() + " ("
                    + "id bigint primary key, branch_id int not null, customer_id bigint not null, status text not null,"
                    + " total numeric(12,2) not null, note text, created_at timestamptz not null,"
                    + " updated_at timestamptz not null) with (autovacuum_enabled = off)");
        }
        return new BenchTable(connection);
    }

    /** The rows that are inserted from now on belong to so many branches, in turn: 1 to {@code count}. */
    public void branches(int count) {
        branches = count;
    }

    /** An insert of one row, with its id as the only parameter. */
    public static String insertOne() {
        return "insert into " + ID.name() + " select g, 1 + g % " + BRANCHES + ", " + COLUMNS
                + " from (select ?::bigint as g) one";
    }

    /** Inserts that many rows, in transactions of {@code perTransaction} (the last may be smaller). */
    public void fill(long rows, int perTransaction) throws SQLException {
        if (rows > 0) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("set synchronous_commit = off");
                statement.execute(fillBlock(lastId + 1, lastId + rows, perTransaction, branches));
                statement.execute("reset synchronous_commit");
            }
            lastId += rows;
        }
        awaitFlush();
    }

    private static String fillBlock(long first, long last, int perTransaction, int branches) {
        return "do $$ declare at bigint := " + first + "; begin while at <= " + last + " loop"
                + " insert into " + ID.name() + " select g, 1 + g % " + branches + ", " + COLUMNS
                + " from generate_series(at, least(at + " + (perTransaction - 1) + ", " + last + ")) g;"
                + " commit; at := at + " + perTransaction + "; end loop; end $$";
    }

    /** A checkpoint flushes the WAL before it. */
    private void awaitFlush() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("checkpoint");
        }
    }

    /** The highest id that {@link #fill} has given. */
    public long lastId() {
        return lastId;
    }

    public long count() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from " + ID.name())) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Removes the rows; ids go on. */
    public void clear() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("truncate " + ID.name());
        }
    }
}
