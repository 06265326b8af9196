package dev.warung.testkit.fleet;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Two tables whose rows come in pairs: left and right of one id have the same bank and a constant sum, after every transaction. A replica
 * in which a pair is torn, or sums up to something else, has shown half a transaction (I4).
 */
public final class Pairs {

    static final int BANKS = 3;
    static final long SUM = 2000;
    static final String LEFT = "akun_kiri";
    static final String RIGHT = "akun_kanan";
    static final List<FleetTable> TABLES = List.of(table(LEFT), table(RIGHT));
    private static final int COUNT = 60;

    /** Counts what can never be: a left without its right, or the other way round, or a wrong sum. */
    static final String TORN = "SELECT (SELECT count(*) FROM " + LEFT + " l LEFT JOIN " + RIGHT
            + " r ON r.id = l.id AND r.bank = l.bank WHERE r.id IS NULL OR l.saldo + r.saldo <> " + SUM
            + ") + (SELECT count(*) FROM " + RIGHT + " r WHERE NOT EXISTS (SELECT 1 FROM " + LEFT
            + " l WHERE l.id = r.id))";

    private Pairs() {}

    private static FleetTable table(String name) {
        Map<String, FleetType> columns = new LinkedHashMap<>();
        columns.put("id", FleetType.INTEGER);
        columns.put("bank", FleetType.INTEGER);
        columns.put("saldo", FleetType.BIGINT);
        return new FleetTable(name, columns, List.of("id"));
    }

    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (FleetTable table : TABLES) {
                statement.execute(table.create());
            }
        }
        fill(connection);
    }

    static FleetShape shape() {
        FleetClause mine = new FleetClause("bank = :bank");
        return new FleetShape(
                "bank",
                List.of(
                        new FleetShape.Entry(LEFT, List.of(), Optional.of(mine)),
                        new FleetShape.Entry(RIGHT, List.of(), Optional.of(mine))));
    }

    private static void fill(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String table : List.of(LEFT, RIGHT)) {
                statement.execute("INSERT INTO " + table + " SELECT g, 1 + g % " + BANKS + ", " + SUM / 2
                        + " FROM generate_series(1, " + COUNT + ") g");
            }
        }
    }

    /** Statements that keep the pairs: money moves from side to side, pairs move between banks, come and go, get another id. */
    static List<String> change(Random random) {
        int id = 1 + random.nextInt(COUNT);
        int other = 1 + random.nextInt(COUNT);
        int low = Math.min(id, other);
        String range = " WHERE id BETWEEN " + low + " AND " + Math.max(id, other);
        return switch (random.nextInt(20)) {
            case 0, 1, 2 -> both("UPDATE %s SET bank = 1 + (bank + " + random.nextInt(BANKS) + ") % " + BANKS + range);
            case 3, 4 -> both("DELETE FROM %s WHERE id = " + id);
            case 5, 6 ->
                both("INSERT INTO %s SELECT g, 1 + g % " + BANKS + ", " + SUM / 2 + " FROM generate_series(" + low
                        + ", " + Math.max(id, other) + ") g ON CONFLICT DO NOTHING");
            case 7 -> List.of("TRUNCATE " + LEFT + ", " + RIGHT);
            case 8 -> both("UPDATE %s SET id = -id" + range);
            default -> {
                int amount = random.nextInt(400) - 200;
                yield List.of(
                        "UPDATE " + LEFT + " SET saldo = saldo + " + amount + range,
                        "UPDATE " + RIGHT + " SET saldo = saldo - " + amount + range);
            }
        };
    }

    private static List<String> both(String statement) {
        return List.of(statement.replace("%s", LEFT), statement.replace("%s", RIGHT));
    }
}
