package dev.warung.bench.fleet;

import dev.warung.bench.measure.BenchException;
import dev.warung.bench.measure.Wait;
import dev.warung.bench.stage.BenchServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The table, the shape and the outlets of the benchmark, and one change of that table each second. */
final class FleetSetup {

    static final Duration LIMIT = Duration.ofMinutes(10);
    static final String TABLE = "katalog";
    private static final int ROWS = 500;
    private static final Duration BETWEEN = Duration.ofSeconds(1);
    private static final String DEFINITION =
            "{\"parameters\":[],\"tables\":[{\"table\":\"public." + TABLE + "\"}],\"writable\":[]}";

    private final BenchServers servers;
    private final AtomicInteger changes = new AtomicInteger();

    FleetSetup(BenchServers servers) {
        this.servers = servers;
    }

    void createTable() {
        execute(
                "create table " + TABLE + " (id integer primary key, nama text not null, harga numeric(12,2) not null,"
                        + " diubah timestamptz not null)",
                "insert into " + TABLE + " select g, md5(g::text), g, now() from generate_series(1, " + ROWS + ") g");
    }

    /** One shape without parameters, so that all outlets share its topic. */
    List<String> createOutlets(int count) {
        execute(
                "insert into warung.shapes (name, definition) values ('" + TABLE + "', '" + DEFINITION + "')",
                "insert into warung.outlets (code, name) select 'toko-' || g, 'toko' from generate_series(1, " + count
                        + ") g");
        List<String> codes = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            codes.add("toko-" + i);
        }
        return codes;
    }

    /** Changes one row each second, each at its own time. */
    int changeFor(Duration length) {
        int count = (int) Math.max(1, length.toMillis() / BETWEEN.toMillis());
        long startAt = System.nanoTime();
        for (int i = 0; i < count; i++) {
            change();
            long wait = startAt + (i + 1) * BETWEEN.toNanos() - System.nanoTime();
            Wait.during(Duration.ofNanos(Math.max(0, wait)));
        }
        return count;
    }

    /** One transaction of one row; returns when PostgreSQL committed it, microseconds since 1970. */
    long change() {
        int id = 1 + changes.getAndIncrement() % ROWS;
        execute("update " + TABLE + " set harga = harga + 1, diubah = clock_timestamp() where id = " + id);
        return servers.committedAtUs(TABLE, id);
    }

    private void execute(String... statements) {
        try (Connection connection = servers.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new BenchException("PostgreSQL refuses: " + e.getMessage(), e);
        }
    }
}
