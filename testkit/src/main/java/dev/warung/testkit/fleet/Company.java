package dev.warung.testkit.fleet;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tables of a company in four levels: tenants ({@code penyewa}), regions ({@code wilayah}), branches ({@code cabang}), registers
 * ({@code kasir}); orders and their lines below them, labels with a text key beside them. Children name their parents of all levels, and
 * not always consistently: moves may take the children along or not.
 *
 * <p>Beside them {@link Pairs}, for what must never be seen half, and a table of markers.
 */
public final class Company {

    static final int TENANTS = 5;
    static final int REGIONS = 9;
    static final int BRANCHES = 16;
    static final int REGISTERS = 4;

    /** A row here that has arrived shows that what was committed before it has arrived at the router. */
    public static final String MARKERS = "penanda";

    static final FleetTable TENANT = table("penyewa", "id", columns(FleetType.INTEGER, "id"));
    static final FleetTable REGION = table("wilayah", "id", columns(FleetType.INTEGER, "id", "penyewa_id"));
    static final FleetTable BRANCH = table("cabang", "id", columns(FleetType.UUID, "id"), "penyewa_id", "wilayah_id");
    static final FleetTable REGISTER = table(
            "kasir", "cabang_id,nomor", columns(FleetType.UUID, "cabang_id"), "nomor", "penyewa_id", "wilayah_id");
    static final FleetTable ORDER = table(
            "pesanan",
            "id",
            columns(FleetType.BIGINT, "id"),
            "penyewa_id",
            "wilayah_id",
            "cabang_id",
            "nomor",
            "status");
    static final FleetTable LINE = table(
            "baris", "pesanan_id,urut", columns(FleetType.BIGINT, "pesanan_id"), "urut", "penyewa_id", "cabang_id");
    static final FleetTable LABEL = table("label", "kode", columns(FleetType.TEXT, "kode"), "penyewa_id", "cabang_id");

    /** From the top down. */
    static final List<FleetTable> TABLES = List.of(TENANT, REGION, BRANCH, REGISTER, ORDER, LINE, LABEL);

    private Company() {}

    private static Map<String, FleetType> columns(FleetType type, String... names) {
        Map<String, FleetType> columns = new LinkedHashMap<>();
        for (String name : names) {
            columns.put(name, type);
        }
        return columns;
    }

    private static FleetTable table(String name, String key, Map<String, FleetType> first, String... more) {
        Map<String, FleetType> columns = new LinkedHashMap<>(first);
        for (String column : more) {
            columns.put(
                    column,
                    switch (column) {
                        case "cabang_id" -> FleetType.UUID;
                        case "status" -> FleetType.TEXT;
                        default -> FleetType.INTEGER;
                    });
        }
        columns.put("kenari", FleetType.TEXT);
        columns.put("nama", FleetType.TEXT);
        columns.put("jumlah", FleetType.NUMERIC);
        columns.put("dibuat", FleetType.TIMESTAMPTZ);
        columns.put("data", FleetType.JSONB);
        columns.put("aktif", FleetType.BOOLEAN);
        columns.put("catatan", FleetType.TEXT);
        return new FleetTable(name, columns, List.of(key.split(",", -1)));
    }

    static FleetTable table(String name) {
        return TABLES.stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Creates all tables, empty. */
    public static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (FleetTable table : TABLES) {
                statement.execute(table.create());
            }
            statement.execute("CREATE TABLE IF NOT EXISTS " + MARKERS + " (id bigint PRIMARY KEY)");
        }
        Pairs.create(connection);
    }

    /** The column that names a row's tenant. */
    static String tenantColumn(FleetTable table) {
        return table.equals(TENANT) ? "id" : "penyewa_id";
    }
}
