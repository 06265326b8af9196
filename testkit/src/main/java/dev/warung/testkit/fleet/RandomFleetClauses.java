package dev.warung.testkit.fleet;

import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import java.util.TreeSet;

/** Clauses over the company's tables: equality on parameters, ranges, LIKE, IN, documents, sub-selects, and what joins them. */
final class RandomFleetClauses {

    private static final List<String> COMPARISONS = List.of("<", "<=", ">", ">=", "<>");

    private final Random random;
    private final RandomCells cells;

    RandomFleetClauses(Random random) {
        this.random = random;
        this.cells = new RandomCells(random);
    }

    private <T> T pick(List<T> list) {
        return RandomCells.pick(random, list);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** A clause that an equality on a parameter begins: what most shapes have. */
    FleetClause keyed(FleetTable table) {
        String key = equality(table);
        return new FleetClause(chance(55) ? key : key + " AND " + condition(table, 1));
    }

    /** Any clause; whether it has a parameter is a matter of chance. */
    FleetClause free(FleetTable table) {
        return new FleetClause(condition(table, 2));
    }

    /** A clause that takes rows of one tenant only, whatever else it says. */
    FleetClause ofOneTenant(FleetTable table) {
        String mine = Company.tenantColumn(table) + " = :penyewa_id";
        return new FleetClause(
                switch (random.nextInt(4)) {
                    case 0 -> mine;
                    case 1 -> "(" + condition(table, 1) + ") AND " + mine;
                    case 2 -> mine + " AND (" + condition(table, 1) + " OR " + condition(table, 1) + ")";
                    default ->
                        "NOT (" + Company.tenantColumn(table) + " <> :penyewa_id OR NOT (" + condition(table, 1) + "))";
                });
    }

    /** {@code column = :parameter}, on a column that names a place in the hierarchy. */
    private String equality(FleetTable table) {
        TreeSet<String> forms = new TreeSet<>();
        forms.add(Company.tenantColumn(table) + " = :" + pick(List.of("penyewa_id", "penyewa_id", "penyewa_lain")));
        if (table.has("wilayah_id")) {
            forms.add("wilayah_id = :" + pick(List.of("wilayah_id", "wilayah_lain")));
        }
        if (table.has("cabang_id")) {
            forms.add("cabang_id = :" + pick(List.of("cabang_id", "cabang_lain")));
        }
        if (table.equals(Company.BRANCH)) {
            forms.add("id = :cabang_id");
        }
        if (table.equals(Company.REGION)) {
            forms.add(":wilayah_id = id");
        }
        String form = pick(List.copyOf(forms));
        if (table.has("nomor") && form.startsWith("cabang_id") && chance(40)) {
            form += " AND nomor = :nomor";
        }
        return form;
    }

    private String condition(FleetTable table, int depth) {
        int kind = random.nextInt(depth > 0 ? 100 : 66);
        if (kind < 52) {
            return test(table, pick(List.copyOf(table.columns().keySet())));
        }
        if (kind < 66) {
            return inSelect(table);
        }
        if (kind < 80) {
            return "(" + condition(table, depth - 1) + " AND " + condition(table, depth - 1) + ")";
        }
        if (kind < 92) {
            return "(" + condition(table, depth - 1) + " OR " + condition(table, depth - 1) + ")";
        }
        return "NOT (" + condition(table, depth - 1) + ")";
    }

    private String test(FleetTable table, String column) {
        if (chance(6)) {
            return column + pick(List.of(" IS NULL", " IS NOT NULL"));
        }
        return switch (table.type(column)) {
            case INTEGER, BIGINT -> integer(column);
            case UUID -> uuid(column);
            case TEXT -> text(column);
            case NUMERIC -> numeric(column);
            case TIMESTAMPTZ -> time(column);
            case JSONB -> document(column);
            case BOOLEAN -> flag(column);
        };
    }

    private String integer(String column) {
        return switch (random.nextInt(7)) {
            case 0 -> column + " = " + number();
            case 1 -> column + " IN (" + number() + ", " + number() + ", " + number() + ")";
            case 2 -> column + " BETWEEN " + number() + " AND " + (2 + random.nextInt(60));
            case 3 -> column + " % 3 = " + random.nextInt(3);
            case 4 -> column + " IS DISTINCT FROM " + number();
            case 5 -> column + " " + pick(COMPARISONS) + " :nomor";
            default -> column + " " + pick(COMPARISONS) + " " + number();
        };
    }

    private String number() {
        return String.valueOf(1 + random.nextInt(8));
    }

    private String uuid(String column) {
        return switch (random.nextInt(4)) {
            case 0 -> column + " = :cabang_lain";
            case 1 -> column + " = ANY (ARRAY['" + cells.branch() + "', '" + cells.branch() + "']::uuid[])";
            case 2 -> column + " <> '" + cells.branch() + "'";
            default -> {
                StringJoiner list = new StringJoiner(", ", column + " IN (", ")");
                for (int i = 0; i < 5; i++) {
                    list.add("'" + cells.branch() + "'");
                }
                yield list.toString();
            }
        };
    }

    private String text(String column) {
        if (column.equals("status") && chance(60)) {
            return chance(30) ? "status = :status" : "status IN ('" + cells.state() + "', '" + cells.state() + "')";
        }
        return switch (random.nextInt(7)) {
            case 0 ->
                column + (chance(25) ? " NOT" : "") + " LIKE "
                        + pick(List.of("'ka%'", "'%a%'", "'KA\\_1__\\%'", "'_%o%'"));
            case 1 -> column + " ILIKE " + pick(List.of("'ka%'", "'%É%'", "'%''%'"));
            case 2 -> column + " LIKE :pola";
            case 3 -> "length(" + column + ") > " + (2 + random.nextInt(6));
            case 4 -> column + " COLLATE \"C\" < " + pick(List.of("'l'", "'o'", "'Z'"));
            case 5 -> "lower(" + column + ") = " + pick(List.of("'kantor'", "'kantin'", "'catatan 7'"));
            default -> column + " <> " + RandomCells.quoted(cells.name());
        };
    }

    private String numeric(String column) {
        return switch (random.nextInt(5)) {
            case 0 -> column + " BETWEEN " + cells.amount() + " AND " + cells.amount();
            case 1 -> column + " >= :batas";
            case 2 -> column + " * 2 - 1 > " + cells.amount();
            case 3 -> column + " < :batas AND " + column + " > 0";
            default -> column + " " + pick(COMPARISONS) + " " + cells.amount();
        };
    }

    private String time(String column) {
        return switch (random.nextInt(4)) {
            case 0 -> column + " >= timestamptz '" + cells.time() + "'";
            case 1 -> column + " >= :sejak";
            case 2 -> column + " + interval '1 mon' < '" + cells.time() + "'";
            default -> column + " BETWEEN '2026-02-01' AND '2026-05-01 12:00+07'";
        };
    }

    private String document(String column) {
        return switch (random.nextInt(5)) {
            case 0 -> column + " ->> 'warna' = '" + cells.colour() + "'";
            case 1 -> column + " ->> 'warna' = :warna";
            case 2 -> "(" + column + " ->> 'n')::int > " + random.nextInt(9);
            case 3 -> column + " -> 'isi' ->> 0 IS NOT NULL";
            default -> column + " ->> 'warna' IN ('" + cells.colour() + "', '" + cells.colour() + "')";
        };
    }

    private String flag(String column) {
        return switch (random.nextInt(4)) {
            case 0 -> column;
            case 1 -> "NOT " + column;
            case 2 -> column + " IS NOT TRUE";
            default -> column + " = :aktif";
        };
    }

    /** Rows by what stands in another table. */
    private String inSelect(FleetTable table) {
        TreeSet<String> forms = new TreeSet<>();
        String not = chance(20) ? " NOT IN " : " IN ";
        if (!table.equals(Company.TENANT)) {
            forms.add("penyewa_id" + not + inner(Company.TENANT, "id"));
        }
        if (table.has("wilayah_id")) {
            forms.add("wilayah_id" + not + inner(Company.REGION, "id"));
        }
        if (table.has("cabang_id")) {
            forms.add("cabang_id" + not + inner(Company.BRANCH, "id"));
            forms.add("cabang_id" + not + inner(Company.REGISTER, "cabang_id"));
        }
        if (table.equals(Company.LINE)) {
            forms.add("pesanan_id" + not + inner(Company.ORDER, "id"));
        }
        if (table.equals(Company.BRANCH)) {
            forms.add("id" + not + inner(Company.ORDER, "cabang_id"));
        }
        return forms.isEmpty() ? test(table, "nama") : pick(List.copyOf(forms));
    }

    private String inner(FleetTable table, String column) {
        String where = chance(60) ? equality(table) : test(table, pick(table.others()));
        return "(SELECT " + column + " FROM " + (chance(30) ? table.id() : table.name()) + " WHERE " + where + ")";
    }
}
