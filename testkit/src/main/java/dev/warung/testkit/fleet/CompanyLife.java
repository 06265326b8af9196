package dev.warung.testkit.fleet;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random transactions over the company's tables, all from one seed: rows come, change and go, one by one and in bulk; branches and regions
 * move to other parents, with and without what is below them; keys change; parts are rolled back; now and then a table is truncated.
 *
 * <p>Which statements come depends on the seed alone, never on what PostgreSQL answers.
 */
public final class CompanyLife {

    private static final Logger LOG = LoggerFactory.getLogger(CompanyLife.class);
    private static final int LARGE = 1500;

    private final Connection connection;
    private final Random random;
    private final RandomCells cells;
    private int executed;
    private int refused;

    /** @param connection used by this life alone; without automatic commit */
    public CompanyLife(Connection connection, long seed) throws SQLException {
        this.connection = connection;
        this.random = new Random(seed);
        this.cells = new RandomCells(random);
        connection.setAutoCommit(false);
    }

    /** Rows on each level. */
    public void begin() throws SQLException {
        for (FleetTable table : Company.TABLES) {
            for (int i = 0; i < 4; i++) {
                run(List.of(insert(table, 20)));
            }
        }
        connection.commit();
    }

    public void transactions(int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            int statements = 1 + random.nextInt(6);
            for (int j = 0; j < statements; j++) {
                step();
            }
            if (random.nextInt(12) == 0) {
                connection.rollback();
            } else {
                connection.commit();
            }
        }
    }

    /** How many statements PostgreSQL took. */
    public int executed() {
        return executed;
    }

    /** How many it refused, a key that is taken for example. */
    public int refused() {
        return refused;
    }

    private void step() throws SQLException {
        if (random.nextInt(15) == 0) {
            Savepoint savepoint = connection.setSavepoint();
            run(statements());
            connection.rollback(savepoint);
        }
        run(statements());
    }

    private List<String> statements() {
        FleetTable table = RandomCells.pick(random, Company.TABLES);
        return switch (random.nextInt(40)) {
            case 0, 1, 2, 3, 4, 5 -> List.of(insert(table, 1 + random.nextInt(3)));
            case 6, 7, 8 -> List.of(insert(Company.ORDER, 10), insert(Company.LINE, 15));
            case 9, 10, 11 -> List.of("DELETE FROM " + table.name() + where(table));
            case 12 -> List.of("DELETE FROM " + table.name() + " WHERE aktif");
            case 13, 14, 15, 16 -> moveBranch();
            case 17, 18 -> moveRegion();
            case 19, 20 -> moveBelow();
            case 21, 22, 23 -> changeKey(table);
            case 24 -> List.of(random.nextInt(4) == 0 ? "TRUNCATE " + table.name() : touch(table));
            case 25 -> random.nextInt(6) == 0 ? large() : List.of(touch(table));
            case 26, 27 ->
                List.of("UPDATE " + table.name() + " SET catatan = " + cells.literal("catatan") + where(table));
            case 28, 29, 30, 31, 32, 33 -> Pairs.change(random);
            default -> List.of(update(table));
        };
    }

    private String insert(FleetTable table, int rows) {
        StringJoiner values = new StringJoiner(", ");
        for (int i = 0; i < rows; i++) {
            StringJoiner row = new StringJoiner(", ", "(", ")");
            table.columns().keySet().forEach(column -> row.add(cell(table, column)));
            values.add(row.toString());
        }
        // One row of a key only: a statement may not touch a row twice.
        String key = String.join(", ", table.key());
        return "INSERT INTO " + table.name() + " SELECT DISTINCT ON (" + key + ") * FROM (VALUES " + values + ") v ("
                + String.join(", ", table.columns().keySet()) + ") ON CONFLICT (" + key + ") DO UPDATE SET "
                + excluded(table);
    }

    private String cell(FleetTable table, String column) {
        String literal = table.key().contains(column) ? cells.key(table, column) : cells.literal(column);
        return "(" + literal + ")::" + table.type(column).sql();
    }

    private static String excluded(FleetTable table) {
        StringJoiner set = new StringJoiner(", ");
        table.others().forEach(column -> set.add(column + " = excluded." + column));
        return set.toString();
    }

    private String where(FleetTable table) {
        return switch (random.nextInt(6)) {
            case 0 -> " WHERE " + Company.tenantColumn(table) + " = " + cells.tenant();
            case 1 -> " WHERE nama = " + RandomCells.quoted(cells.name());
            case 2 -> " WHERE jumlah > 400";
            default -> {
                StringJoiner key = new StringJoiner(" AND ", " WHERE ", "");
                table.key().forEach(column -> key.add(column + " = " + cells.key(table, column)));
                yield key.toString();
            }
        };
    }

    private String update(FleetTable table) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            String column = RandomCells.pick(random, table.others());
            if (!columns.contains(column)) {
                columns.add(column);
            }
        }
        StringJoiner set = new StringJoiner(", ");
        columns.forEach(column -> set.add(column + " = " + cells.literal(column)));
        return "UPDATE " + table.name() + " SET " + set + where(table);
    }

    /** An update that changes nothing. */
    private String touch(FleetTable table) {
        return "UPDATE " + table.name() + " SET nama = nama" + where(table);
    }

    /** A branch gets another region, and what is below it perhaps too. */
    private List<String> moveBranch() {
        String branch = RandomCells.quoted(cells.branch());
        String tenant = cells.tenant();
        String parents = " SET wilayah_id = " + cells.region() + ", penyewa_id = " + tenant;
        List<String> statements = new ArrayList<>();
        statements.add("UPDATE cabang" + parents + " WHERE id = " + branch);
        if (random.nextBoolean()) {
            statements.add("UPDATE kasir" + parents + " WHERE cabang_id = " + branch);
            statements.add("UPDATE pesanan" + parents + " WHERE cabang_id = " + branch);
            statements.add("UPDATE baris SET penyewa_id = " + tenant + " WHERE cabang_id = " + branch);
        }
        return statements;
    }

    /** A region gets another tenant, and what is below it perhaps too. */
    private List<String> moveRegion() {
        String region = cells.region();
        String tenant = cells.tenant();
        List<String> statements = new ArrayList<>();
        statements.add("UPDATE wilayah SET penyewa_id = " + tenant + " WHERE id = " + region);
        if (random.nextBoolean()) {
            for (String table : List.of("cabang", "kasir", "pesanan")) {
                statements.add("UPDATE " + table + " SET penyewa_id = " + tenant + " WHERE wilayah_id = " + region);
            }
        }
        return statements;
    }

    /** Registers and orders get another branch. */
    private List<String> moveBelow() {
        String from = RandomCells.quoted(cells.branch());
        String to = RandomCells.quoted(cells.branch());
        return switch (random.nextInt(3)) {
            case 0 -> List.of("UPDATE kasir SET cabang_id = " + to + " WHERE cabang_id = " + from);
            case 1 -> List.of("UPDATE pesanan SET cabang_id = " + to + ", nomor = 1 WHERE cabang_id = " + from);
            default -> List.of("UPDATE pesanan SET nomor = " + cells.register() + " WHERE nomor = " + cells.register());
        };
    }

    private List<String> changeKey(FleetTable table) {
        String column = RandomCells.pick(random, table.key());
        String set = " SET " + column + " = " + cells.key(table, column);
        return List.of(
                "UPDATE " + table.name() + set + (random.nextBoolean() ? ", jumlah = jumlah + 1" : "") + where(table));
    }

    /** Many rows in one transaction, which go again in it or in a later one. */
    private List<String> large() {
        int from = 1000 + random.nextInt(3) * LARGE;
        String insert =
                "INSERT INTO pesanan (id, penyewa_id, wilayah_id, cabang_id, nomor, status, kenari, nama, jumlah, aktif)"
                        + " SELECT g, 1 + g % " + Company.TENANTS + ", 1 + g % " + Company.REGIONS + ", "
                        + RandomCells.quoted(cells.branch()) + "::uuid, 1 + g % " + Company.REGISTERS
                        + ", 'baru', 'kenari', 'banyak', g % 300, g % 3 = 0 FROM generate_series(" + from + ", "
                        + (from + LARGE) + ") g ON CONFLICT (id) DO UPDATE SET cabang_id = excluded.cabang_id";
        return List.of(
                "DELETE FROM pesanan WHERE id >= 1000 AND id % 5 = " + random.nextInt(5),
                insert,
                "UPDATE pesanan SET status = 'kirim' WHERE id >= 1000 AND id % 7 = 0",
                "DELETE FROM pesanan WHERE id >= 1000 AND id % 4 <> 0");
    }

    /** All or none of the statements. */
    private void run(List<String> statements) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.releaseSavepoint(savepoint);
            executed += statements.size();
        } catch (SQLException e) {
            if (connection.isClosed() || !e.getSQLState().startsWith("23")) {
                throw e;
            }
            refused += statements.size();
            LOG.debug("refused, as random statements may be: {}: {}", statements, e.getMessage());
            connection.rollback(savepoint);
        }
    }
}
