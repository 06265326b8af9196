package dev.warung.stack.intake;

import dev.warung.stack.intake.BranchTables.Held;
import dev.warung.testkit.pipeline.ProcessPipeline;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Compares what outlets' applications remember with PostgreSQL, the ledger and the outlets' files, once everything has come to rest. */
final class WriteAudit {

    private static final List<String> FINAL = List.of("applied", "merged", "superseded", "conflict", "failed");

    private final ProcessPipeline pipeline;
    private final Collection<Cashier> cashiers;

    WriteAudit(ProcessPipeline pipeline, Collection<Cashier> cashiers) {
        this.pipeline = pipeline;
        this.cashiers = cashiers;
    }

    /** What an outlet still has to send, or waits for; empty if nothing. */
    static String open(Path file) throws SQLException {
        Map<String, String> counts = rows(
                file,
                "select 'journal', count(*) from _warung_journal union all"
                        + " select state, count(*) from _warung_ops where open = 1 group by state");
        counts.values().removeIf(count -> count.equals("0"));
        return counts.isEmpty() ? "" : file + " has open " + counts;
    }

    /** Where an outlet's file and the rows of its shapes differ (I7); empty if they do not. */
    String difference(Cashier cashier) throws SQLException {
        for (Held table : BranchTables.HELD) {
            boolean isShared = table.name().equals("produk");
            int keys = table.name().equals("stok") ? 2 : 1;
            String of = " from " + table.name() + (isShared ? "" : " where cabang_id = " + cashier.branch());
            Map<String, String> expected = postgres("select " + columns(table, keys, "::text") + of);
            Map<String, String> actual =
                    rows(cashier.file(), "select " + columns(table, keys, "") + " from " + table.name());
            if (!expected.equals(actual)) {
                Map<String, String> missing = new TreeMap<>(expected);
                missing.entrySet().removeAll(actual.entrySet());
                actual.entrySet().removeAll(expected.entrySet());
                return cashier.code() + ", table " + table.name() + ": has " + actual + " instead of " + missing;
            }
        }
        return "";
    }

    /** The key's columns as one text, and all of them as another. */
    private static String columns(Held table, int keys, String cast) {
        return joined(table.columns().subList(0, keys), cast) + ", " + joined(table.columns(), cast);
    }

    private static String joined(List<String> columns, String cast) {
        List<String> texts =
                columns.stream().map(c -> "coalesce(" + c + cast + ", '-')").toList();
        return String.join(" || '|' || ", texts);
    }

    /** Everything that is not as it must be (I6). */
    List<String> problems() throws SQLException {
        List<String> problems = new ArrayList<>();
        for (Cashier cashier : cashiers) {
            problems.addAll(cashier.problems());
            differ(problems, cashier.code() + ": items of its sales", text(cashier.sales()), sales(cashier.code()));
            ledger(problems, cashier);
        }
        stock(problems);
        ownNotes(problems);
        differ(
                problems,
                "totals that are not those of the items",
                Map.of(),
                postgres("select nomor, total from transaksi t where total <>"
                        + " (select sum(qty * harga) from transaksi_item i where i.transaksi_id = t.id)"));
        differ(
                problems,
                "open conflicts",
                postgres(
                        "select op, 'open' from warung.ledger where status = 'conflict' and outlet_code in " + codes()),
                postgres("select op, state from warung.conflicts where state = 'open'"));
        return problems;
    }

    private String codes() {
        return cashiers.stream().map(Cashier::code).collect(Collectors.joining("', '", "('", "')"));
    }

    private Map<String, String> sales(String code) throws SQLException {
        return postgres(
                "select nomor, count(i.id) from transaksi t left join transaksi_item i on i.transaksi_id = t.id where nomor like '"
                        + code + "/%' group by t.id");
    }

    /** Each op that the outlet ever made has one line, in a final state, and nothing else has. */
    private void ledger(List<String> problems, Cashier cashier) throws SQLException {
        Map<String, String> made =
                rows(cashier.file(), "select 'ops', seq from sqlite_sequence where name = '_warung_ops'");
        Map<String, String> noted =
                postgres("select 'ops', count(*) from warung.ledger where outlet_code = '" + cashier.code() + "'");
        differ(problems, cashier.code() + ": ops made and noted", made, noted);
        Map<String, String> kept = rows(
                cashier.file(),
                "select op, case state when 'synced' then result else state end from _warung_ops order by seq");
        Map<String, String> said =
                postgres("select op, status from warung.ledger where outlet_code = '" + cashier.code() + "'");
        said.keySet().retainAll(kept.keySet());
        differ(problems, cashier.code() + ": results here and there", kept, said);
        Map<String, String> refused = postgres("select reason_code || ' ' || table_name, count(*) from warung.ledger"
                + " where status = 'failed' and outlet_code = '" + cashier.code() + "' group by 1");
        differ(
                problems,
                cashier.code() + ": refused",
                cashier.refused() == 0 ? Map.of() : Map.of("check public.nota", "" + cashier.refused()),
                refused);
    }

    private void stock(List<String> problems) throws SQLException {
        Map<String, String> sent = postgres(
                "select produk_id || ' in ' || cabang_id, sum(jumlah) from kiriman group by produk_id, cabang_id");
        Map<String, String> actual =
                postgres("select produk_id || ' in ' || cabang_id, jumlah from stok order by cabang_id, produk_id");
        Map<String, String> expected = new TreeMap<>();
        for (String place : actual.keySet()) {
            String[] parts = place.split(" in ", -1);
            int quantity = BranchTables.OPENING + Integer.parseInt(sent.getOrDefault(place, "0"));
            for (Cashier cashier : cashiers) {
                if (cashier.branch() == Integer.parseInt(parts[1])) {
                    quantity -= cashier.taken().getOrDefault(Integer.parseInt(parts[0]), 0);
                }
            }
            expected.put(place, "" + quantity);
        }
        differ(problems, "stock", expected, actual);
    }

    private void ownNotes(List<String> problems) throws SQLException {
        Map<String, String> expected = new TreeMap<>();
        cashiers.forEach(cashier -> expected.putAll(cashier.notes()));
        differ(problems, "own notes", expected, postgres("select id, isi from nota where isi like 'isi %'"));
    }

    private static Map<String, String> text(Map<String, Integer> counts) {
        Map<String, String> texts = new TreeMap<>();
        counts.forEach((name, count) -> texts.put(name, "" + count));
        return texts;
    }

    private static void differ(
            List<String> problems, String what, Map<String, String> expected, Map<String, String> actual) {
        if (!expected.equals(actual)) {
            Map<String, String> missing = new TreeMap<>(expected);
            missing.entrySet().removeAll(actual.entrySet());
            Map<String, String> extra = new TreeMap<>(actual);
            extra.entrySet().removeAll(expected.entrySet());
            problems.add(what + ": " + extra + " instead of " + missing);
        }
    }

    /** A table: what became of each outlet's ops. */
    String report(Map<String, Integer> kills) throws SQLException {
        StringBuilder report = new StringBuilder(line("outlet", "sales", "ops", FINAL, "kills"));
        for (Cashier cashier : cashiers) {
            Map<String, String> counts = postgres("select status, count(*) from warung.ledger where outlet_code = '"
                    + cashier.code() + "' group by status");
            List<String> states =
                    FINAL.stream().map(s -> counts.getOrDefault(s, "0")).toList();
            int ops = counts.values().stream().mapToInt(Integer::parseInt).sum();
            report.append(line(
                    cashier.code(),
                    "" + cashier.sales().size(),
                    "" + ops,
                    states,
                    "" + kills.getOrDefault(cashier.code(), 0)));
        }
        Map<String, Integer> others = new TreeMap<>(kills);
        cashiers.forEach(cashier -> others.remove(cashier.code()));
        return report.append("\nother kills: ").append(others).toString();
    }

    private static String line(String outlet, String sales, String ops, List<String> states, String kills) {
        StringBuilder line = new StringBuilder("\n");
        line.append(String.format(Locale.ROOT, "%-8s%7s%7s", outlet, sales, ops));
        states.forEach(state -> line.append(String.format(Locale.ROOT, "%12s", state)));
        return line.append(String.format(Locale.ROOT, "%7s", kills)).toString();
    }

    private Map<String, String> postgres(String sql) throws SQLException {
        try (Connection connection = pipeline.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set timezone to 'UTC'");
            return rows(statement, sql);
        }
    }

    private static Map<String, String> rows(Path file, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("pragma busy_timeout=20000");
            return rows(statement, sql);
        }
    }

    private static Map<String, String> rows(Statement statement, String sql) throws SQLException {
        Map<String, String> rows = new LinkedHashMap<>();
        try (ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                String twice = rows.put(result.getString(1), String.valueOf((Object) result.getString(2)));
                if (twice != null) {
                    throw new SQLException("two rows for " + result.getString(1) + ": " + sql);
                }
            }
        }
        return rows;
    }
}
