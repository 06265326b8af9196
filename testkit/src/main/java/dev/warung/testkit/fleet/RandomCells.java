package dev.warung.testkit.fleet;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/** Values of the company's columns: small domains, so that rows meet clauses; a few odd ones; some too long to be stored in line. */
final class RandomCells {

    static final List<String> STATES = List.of("baru", "bayar", "kirim", "batal");
    static final List<String> COLOURS = List.of("merah", "biru", "kuning", "Merah");
    private static final List<String> NAMES = List.of(
            "kantin",
            "Kantor",
            "kaca",
            "pasar",
            "toko",
            "warung",
            "KA_100%",
            "ko'pi \"satu\"",
            "étalase",
            "",
            "tab\there");
    private static final int LONG_TEXT = 40;

    private final Random random;

    RandomCells(Random random) {
        this.random = random;
    }

    static <T> T pick(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** Branches have fixed ids, so that each seed can name them without asking PostgreSQL. */
    static String branch(int number) {
        return new UUID(0x5741_5255_4e47_4000L, 0x8000_0000_0000_0000L + number).toString();
    }

    String tenant() {
        return String.valueOf(1 + random.nextInt(Company.TENANTS));
    }

    String region() {
        return String.valueOf(1 + random.nextInt(Company.REGIONS));
    }

    String branch() {
        return branch(1 + random.nextInt(Company.BRANCHES));
    }

    String register() {
        return String.valueOf(1 + random.nextInt(Company.REGISTERS));
    }

    String state() {
        return pick(random, STATES);
    }

    String name() {
        return pick(random, NAMES);
    }

    String amount() {
        return String.format(Locale.ROOT, "%d.%02d", random.nextInt(500) - 50, random.nextInt(100));
    }

    String time() {
        return String.format(
                Locale.ROOT,
                "2026-%02d-%02d %02d:%02d:00+00",
                1 + random.nextInt(6),
                1 + random.nextInt(28),
                random.nextInt(24),
                random.nextInt(60));
    }

    String colour() {
        return pick(random, COLOURS);
    }

    /** A value of a key column, from a domain that is small enough for collisions. */
    String key(FleetTable table, String column) {
        return switch (column) {
            case "id" -> {
                if (table.equals(Company.ORDER)) {
                    yield String.valueOf(1 + random.nextInt(120));
                }
                yield table.equals(Company.BRANCH)
                        ? quoted(branch())
                        : table.equals(Company.TENANT) ? tenant() : region();
            }
            case "pesanan_id" -> String.valueOf(1 + random.nextInt(120));
            case "urut" -> String.valueOf(1 + random.nextInt(3));
            case "cabang_id" -> quoted(branch());
            case "nomor" -> register();
            default -> quoted(name() + "/" + random.nextInt(8));
        };
    }

    /** A literal for a column that is no key, NULL now and then. */
    String literal(String column) {
        if (random.nextInt(12) == 0) {
            return "NULL";
        }
        return switch (column) {
            case "penyewa_id" -> tenant();
            case "wilayah_id" -> region();
            case "cabang_id" -> quoted(branch());
            case "nomor" -> register();
            case "status" -> quoted(state());
            case "nama" -> quoted(name());
            case "jumlah" -> amount();
            case "dibuat" -> random.nextInt(20) == 0 ? "'infinity'" : quoted(time());
            case "data" -> document();
            case "aktif" -> random.nextBoolean() ? "true" : "false";
            case "catatan" -> note();
            default -> quoted(column);
        };
    }

    private String document() {
        String document = "{\"warna\": \"" + colour() + "\", \"n\": \"" + random.nextInt(10) + "\"}";
        return switch (random.nextInt(6)) {
            case 0 -> "'{}'";
            case 1 -> "'[1, null, {\"warna\": \"merah\"}]'";
            case 2 -> quoted(document) + "::jsonb || '{\"isi\": [1.50, true, \"é\"]}'";
            default -> quoted(document);
        };
    }

    private String note() {
        return random.nextInt(LONG_TEXT) == 0
                ? "(SELECT string_agg(md5(i::text), '') FROM generate_series(1, " + (200 + random.nextInt(200)) + ") i)"
                : quoted("catatan " + random.nextInt(1000));
    }

    static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
